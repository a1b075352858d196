using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

public sealed class BatchWindowTests
{
    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, 9, true)]    // more than any batch: alone
    [InlineData(1, 3, true)]
    [InlineData(1, 4, false)]
    [InlineData(4, 1, false)]
    public void A_batch_takes_what_fits(int held, int next, bool fits) => Assert.Equal(fits, new BatchWindow(4, TimeSpan.Zero).Fits(held, next));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(10, 0, 10)]
    [InlineData(10, 4, 6)]
    [InlineData(10, 10, 0)]
    [InlineData(10, 11, 0)]
    public void The_wait_is_measured_from_the_oldest(int delay, int waited, int remaining) =>
        Assert.Equal(TimeSpan.FromMilliseconds(remaining), new BatchWindow(4, TimeSpan.FromMilliseconds(delay)).Remaining(TimeSpan.FromMilliseconds(waited)));

    [Theory]
    [InlineData("-1,3", "-1,10", true)]
    [InlineData("-1", "-1", true)]
    [InlineData("1,3", "-1,10", false)]
    [InlineData("-1,3", "1,10", false)]
    [InlineData("-1,3", "10", false)]
    [InlineData("-1,3", "", false)]
    [InlineData("", "-1", false)]
    [InlineData("3,-1", "-1", false)]
    public void Rows_go_together_only_where_each_first_axis_is_free(string input, string output, bool possible) =>
        Assert.Equal(possible, BatchWindow.IsPossible([Spec("first", "-1,2"), Spec("x", input)], [Spec("y", output)]));

    [Theory]
    [InlineData(16, true)]
    [InlineData(15, false)]
    public void Rows_that_are_large_together_are_not_joined(long most, bool worthwhile) => Assert.Equal(
        worthwhile, BatchWindow.IsWorthwhile([Tensor.Zeros("a", Datatype.Fp32, [1, 2]), Tensor.Zeros("b", Datatype.Fp32, [1, 2])], most));

    [Fact]
    public void A_model_without_inputs_has_no_rows() => Assert.False(BatchWindow.IsPossible([], [Spec("y", "-1")]));

    private static TensorSpec Spec(string name, string shape) =>
        new(name, Datatype.Fp32, [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
}
