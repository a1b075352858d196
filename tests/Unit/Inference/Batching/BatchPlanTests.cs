using ModelPlatform.Inference.Batching;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

public sealed class BatchPlanTests
{
    // Each call is its rows; with an apostrophe, of another kind; 0 stands for one that cannot share.
    [Theory]
    [InlineData("1", "1", false)]
    [InlineData("1 1 1", "1 1 1", false)]
    [InlineData("1 1 1 1", "1 1 1 1", true)]
    [InlineData("1 1 1 1 1", "1 1 1 1", true)]
    [InlineData("3 2 1", "3", true)]           // nobody is overtaken by a smaller one of the same kind
    [InlineData("4 1", "4", true)]
    [InlineData("9 1", "9", true)]
    [InlineData("1 9 1", "1", true)]
    [InlineData("1 1' 1 1'", "1 1", false)]
    [InlineData("1' 1 1'", "1' 1'", false)]
    [InlineData("0 1", "0", true)]
    [InlineData("1 0 1", "1 1", false)]
    public void The_oldest_runs_with_those_that_go_with_it(string waiting, string chosen, bool isFull)
    {
        var calls = waiting.Split(' ').Select(text => (Text: text, Call: Calls.Pending(Calls.Of(0, int.Parse(text.TrimEnd('\'')), text.EndsWith('\'') ? "other" : "x")))).ToList();

        var plan = BatchPlan.Of([.. calls.Select(call => call.Call)], new BatchWindow(4, TimeSpan.Zero));

        Assert.Equal(chosen, string.Join(' ', plan.Calls.Select(call => calls.First(named => named.Call == call).Text)));
        Assert.Equal(isFull, plan.IsFull);
    }

    [Fact]
    public void Without_batching_each_call_runs_alone() =>
        Assert.Single(BatchPlan.Of([Calls.Pending(Calls.Of(1)), Calls.Pending(Calls.Of(2))], BatchWindow.Alone).Calls);
}
