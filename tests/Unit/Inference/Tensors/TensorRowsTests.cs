using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Tensors;

public sealed class TensorRowsTests
{
    [Theory]
    [InlineData("2,3", null, 2)]
    [InlineData("2,3", "2", 2)]
    [InlineData("2,3", "3,3", null)]
    [InlineData("2,3", "", null)]
    [InlineData("0,3", null, null)]
    [InlineData("", null, null)]
    public void A_call_has_rows_where_all_its_inputs_agree(string first, string? second, int? rows) =>
        Assert.Equal(rows, TensorRows.CountOf(second is null ? [Zeros("a", first)] : [Zeros("a", first), Zeros("b", second)]));

    [Theory]
    [InlineData("a", "FP32", "5,3", true)]
    [InlineData("a", "FP32", "2,3", true)]
    [InlineData("b", "FP32", "2,3", false)]
    [InlineData("a", "INT32", "2,3", false)]
    [InlineData("a", "FP32", "2,4", false)]
    [InlineData("a", "FP32", "2,3,1", false)]
    [InlineData("a", "FP32", "2", false)]
    public void Calls_go_together_where_only_the_number_of_rows_differs(string name, string datatype, string shape, bool together)
    {
        var other = Zeros(name, shape, Datatype.Find(datatype)!);
        Assert.Equal(together, TensorRows.GoTogether([Zeros("a", "2,3")], [other]));
        Assert.Equal(together, TensorRows.GoTogether([other], [Zeros("a", "2,3")]));
        Assert.False(TensorRows.GoTogether([Zeros("a", "2,3")], [Zeros("a", "2,3"), other]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3, 2)]
    [InlineData(4, 1, 1, 1)]
    public void What_was_joined_is_split_as_it_was(params int[] rows)
    {
        var next = (byte)0;
        var calls = rows.Select(count => (Tensor[])[Filled("a", [count, 2, 2]), Filled("b", [count])]).ToList();

        var joined = TensorRows.Join(calls);

        Assert.Equal([rows.Sum(), 2, 2], joined[0].Shape);
        Assert.Equal([rows.Sum()], joined[1].Shape);
        for (var i = 0; i < 2; i++)
        {
            var split = TensorRows.Split(joined[i].Name, joined[i].Datatype, joined[i].Shape, joined[i].Data.Span, rows);
            Assert.Equal(calls.Select(call => call[i].Data.ToArray()), split.Select(part => part.Data.ToArray()));
            Assert.Equal(calls.Select(call => call[i].Shape), split.Select(part => part.Shape));
        }

        Tensor Filled(string name, long[] shape)
        {
            var tensor = Tensor.Zeros(name, Datatype.Fp32, shape);
            foreach (ref var element in tensor.Data.Span) element = next++;
            return tensor;
        }
    }

    [Fact]
    public void Rows_of_texts_are_split_where_their_texts_end()
    {
        var calls = new[] { Texts(["a", "", "longer", "ü"], 2), Texts(["", ""], 1), Texts(["x", "y", "z", "", "", "b"], 3) };
        var joined = TensorRows.Join([.. calls.Select(call => (Tensor[])[call])])[0];
        Assert.Equal([6, 2], joined.Shape);
        Assert.Equal(calls.Select(call => call.Data.ToArray()), TensorRows.Split("t", Datatype.Bytes, joined.Shape, joined.Data.Span, [2, 1, 3]).Select(part => part.Data.ToArray()));

        static Tensor Texts(string[] texts, int rows) => TextElements.ToTensor("t", [rows, 2], texts);
    }

    [Theory]
    [InlineData("4,2")]
    [InlineData("2,3")]
    [InlineData("")]
    public void Outputs_of_another_number_of_rows_are_not_shared_out(string shape)
    {
        var output = Zeros("y", shape);
        Assert.Throws<InvalidOperationException>(() => TensorRows.Split("y", output.Datatype, output.Shape, output.Data.Span, [1, 2]));
    }

    private static Tensor Zeros(string name, string shape, Datatype? datatype = null) =>
        Tensor.Zeros(name, datatype ?? Datatype.Fp32, [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
}
