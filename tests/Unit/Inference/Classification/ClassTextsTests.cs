using System.Text;
using System.Text.Json;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Classification;

public sealed class ClassTextsTests
{
    public static TheoryData<long[], int, string, string> Tops => new()
    {
        { [4], 2, "[2]", """["2.5:1:b","0.5:0:a"]""" },
        { [1, 4], 2, "[1,2]", """["2.5:1:b","0.5:0:a"]""" },
        { [1, 4], 9, "[1,4]", """["2.5:1:b","0.5:0:a","0.5:2:c","-1:3:d"]""" },
        { [2, 2], 1, "[2,1]", """["2.5:1","0.5:0"]""" },
        { [2, 1, 2], 1, "[2,1]", """["2.5:1","0.5:0"]""" },
        { [4, 1], 3, "[4,1]", """["0.5:0","2.5:0","0.5:0","-1:0"]""" },
    };

    [Theory]
    [MemberData(nameof(Tops))]
    public void Each_row_has_its_highest_values_with_index_and_label_where_labels_fit(long[] shape, int most, string expectedShape, string expected)
    {
        var scores = Tensor.Zeros("y", Datatype.Fp32, shape);
        ((float[])[0.5f, 2.5f, 0.5f, -1]).CopyTo(scores.Elements<float>());
        var texts = ClassTexts.Of(scores, most, ["a", "b", "c", "d"]);
        Assert.Equal(("y", "BYTES", expectedShape), (texts.Name, texts.Datatype.Name, Shapes.Text(texts.Shape)));
        Assert.Equal(expected, Json(texts));
    }

    [Fact]
    public void Every_number_is_said_exactly()
    {
        foreach (var datatype in Datatype.All.Where(datatype => datatype != Datatype.Bool && datatype != Datatype.Bf16 && datatype != Datatype.Bytes))
            Assert.Equal("""["1:0","1:1"]""", Json(ClassTexts.Of(Tensor.Zeros("y", datatype, [2]).Ones(), 2, null)));
        var large = Tensor.Zeros("y", Datatype.Uint64, [1]);
        large.Elements<ulong>()[0] = ulong.MaxValue;
        Assert.Equal("""["18446744073709551615:0"]""", Json(ClassTexts.Of(large, 1, null)));
    }

    [Fact]
    public void Nothing_comes_of_nothing() => Assert.Equal("[]", Json(ClassTexts.Of(Tensor.Zeros("y", Datatype.Fp32, [0, 3]), 2, null)));

    [Fact]
    public void Where_there_is_no_order_there_is_no_answer()
    {
        Assert.Equal(FaultKind.InvalidInput, Assert.Throws<InferenceFault>(() => ClassTexts.Of(Tensor.Zeros("y", Datatype.Bool, [2]), 1, null)).Kind);
        var scores = Tensor.Zeros("y", Datatype.Fp32, [2]);
        scores.Elements<float>()[1] = float.NaN;
        Assert.Equal(FaultKind.NoNumber, Assert.Throws<InferenceFault>(() => ClassTexts.Of(scores, 1, null)).Kind);
    }

    [Fact]
    public void In_binary_form_each_text_has_its_length_before_it() =>
        Assert.Equal([4, 0, 0, 0, .. "1:0:"u8, 5, 0, 0, 0, .. "1:1:b"u8], ClassTexts.Of(Tensor.Zeros("y", Datatype.Int8, [2]).Ones(), 2, ["", "b"]).Data.ToArray());

    private static string Json(Tensor tensor)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) JsonTensors.Write(json, tensor);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
