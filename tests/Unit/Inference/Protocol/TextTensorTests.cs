using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>Tensors of BYTES: strings in JSON, lengths and bytes in binary.</summary>
public sealed class TextTensorTests
{
    [Theory]
    [InlineData("""["a","","ü \" \\ \u0000 \ud83d\ude00","d"]""")]
    [InlineData("""[["a",""],["ü \" \\ \u0000 \ud83d\ude00","d"]]""")]
    public void Strings_are_read_flat_or_nested_and_unescaped(string data)
    {
        var tensor = Json("[2,2]", data);
        Assert.Equal(["a", "", "ü \" \\ \0 😀", "d"], Texts(tensor));
        Assert.Equal(tensor.Data, TextElements.ToTensor("x", [2, 2], Texts(tensor)).Data);
    }

    [Theory]
    [InlineData("[2]", """["a",1]""")]
    [InlineData("[2]", """["a",null]""")]
    [InlineData("[2]", """["a"]""")]
    [InlineData("[2]", """["a","b","c"]""")]
    [InlineData("[2]", """[["a","b"]]""")]
    [InlineData("[2,1]", """["a",["b"]]""")]
    [InlineData("[1]", """["\ud800"]""")]
    [InlineData("[9000000000000000000,2]", "[]")]
    [InlineData("[-1]", "[]")]
    public void Data_that_are_no_strings_of_the_shape_are_refused_with_the_inputs_name(string shape, string data) => IsRefused(() => Json(shape, data));

    [Fact]
    public void Text_is_written_as_strings_and_what_is_none_is_refused()
    {
        Assert.Equal(["a", "ü", "\0\""], JsonSerializer.Deserialize<List<string>>(Written(TextElements.ToTensor("y", [3], ["a", "ü", "\0\""])))!);
        Assert.Contains("binary_data", Assert.Throws<InferenceFault>(() => Written(new Tensor("y", Datatype.Bytes, [1], [1, 0, 0, 0, 0xFF]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_go_in_binary()
    {
        byte[] data = [2, 0, 0, 0, 0xFF, 0x00, 0, 0, 0, 0];
        Assert.Equal(data, BinaryTensors.Read("x", Datatype.Bytes, [1, 2], data).Data);
        Assert.Empty(BinaryTensors.Read("x", Datatype.Bytes, [0, 2], []).Data.ToArray());
    }

    public static TheoryData<long[], byte[]> Misfits => new()
    {
        { [1], [] },
        { [1], [0, 0, 0] },
        { [1], [1, 0, 0, 0] },
        { [1], [2, 0, 0, 0, 65] },
        { [1], [0, 0, 0, 0, 65] },
        { [1], [1, 0, 0, 0, 65, 66] },
        { [1], [0xFF, 0xFF, 0xFF, 0xFF, 65] },
        { [1], [0xFF, 0xFF, 0xFF, 0x7F, 65] },
        { [1], [0, 0, 0, 0x80, 65] },
        { [2], [1, 0, 0, 0, 65] },
        { [1], [0, 0, 0, 0, 0, 0, 0, 0] },
        { [0], [0, 0, 0, 0] },
        { [2, 2], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 65] },
        { [16, (1L << 60) + 2], [0, 0, 0, 0] },
        { [-1], [0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Lengths_beyond_the_data_and_wrong_counts_are_refused_with_the_inputs_name(long[] shape, byte[] data) =>
        IsRefused(() => BinaryTensors.Read("x", Datatype.Bytes, shape, data));

    [Fact]
    public void More_elements_than_memory_should_be_spent_on_are_refused_in_either_form()
    {
        var many = TextElements.Most + 1;
        IsRefused(() => BinaryTensors.Read("x", Datatype.Bytes, [many], new byte[4 * many]));
        IsRefused(() => Json($"[{many}]", $"[{string.Join(',', Enumerable.Repeat("\"\"", many))}]"));
        Assert.Equal(TextElements.Most, BinaryTensors.Read("x", Datatype.Bytes, [many - 1], new byte[4 * (many - 1)]).Shape[0]);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1,1")]
    [InlineData("-1")]
    [InlineData("")]
    public void A_raw_body_is_one_element_without_its_length(string shape)
    {
        var spec = new TensorSpec("x", Datatype.Bytes, [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
        var tensor = RawInput.Read([spec], "427"u8);
        Assert.Equal(["427"], Texts(tensor));
        Assert.True(Shapes.Allows(spec.Shape, tensor.Shape));
    }

    [Fact]
    public void A_raw_body_for_more_than_one_element_is_refused() => IsRefused(() => RawInput.Read([new TensorSpec("x", Datatype.Bytes, [-1, 2])], "427"u8));

    private static void IsRefused(Func<object> read)
    {
        var fault = Assert.Throws<InferenceFault>(read);
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        Assert.Contains("'x'", fault.Message, StringComparison.Ordinal);
    }

    private static Tensor Json(string shape, string data)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"BYTES","data":{{data}}}]}""");
        return Assert.Single(InferReader.Read(new InferBody(body, null), maxDepth: 100).Call.Inputs);
    }

    private static List<string> Texts(Tensor tensor)
    {
        var texts = new List<string>();
        for (var at = 0; at < tensor.Data.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(tensor.Data.Span[at..]);
            texts.Add(Encoding.UTF8.GetString(tensor.Data.Span.Slice(at + 4, length)));
            at += 4 + length;
        }
        return texts;
    }

    private static string Written(Tensor tensor)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) JsonTensors.Write(json, tensor);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
