using ModelPlatform.Inference.Execution;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Tests.Unit.Inference.Execution;

public sealed class RunShapeTests
{
    private const ExecutionProfile Throughput = ExecutionProfile.Throughput;
    private const ExecutionProfile Latency = ExecutionProfile.Latency;

    // server: profile, threads, runs | model: profile, threads, runs => threads, runs, of 8 processors
    [Theory]
    [InlineData("nothing said", Throughput, null, null, null, null, null, 1, 8)]
    [InlineData("the server's profile", Latency, null, null, null, null, null, 8, 1)]
    [InlineData("the server's numbers before its profile", Latency, 4, 2, null, null, null, 4, 2)]
    [InlineData("one number and the rest of the profile", Latency, null, 2, null, null, null, 8, 2)]
    [InlineData("the model's profile before the server's", Throughput, null, null, Latency, null, null, 8, 1)]
    [InlineData("the model's profile before the server's numbers", Throughput, 2, 3, Latency, null, null, 8, 1)]
    [InlineData("the model's numbers before its profile", Throughput, 2, 3, Latency, 4, null, 4, 1)]
    [InlineData("the model's numbers before everything of the server", Latency, 2, 3, null, 5, 6, 5, 6)]
    [InlineData("one of the model's numbers, the other of the server", Throughput, 2, 3, null, 5, null, 5, 3)]
    public void The_more_special_word_goes_first(
        string what, ExecutionProfile profile, int? threads, int? runs, ExecutionProfile? ofModel, int? modelThreads, int? modelRuns, int expectedThreads, int expectedRuns)
    {
        var model = new ExecutionPlan { Profile = ofModel, IntraOpThreads = modelThreads, Concurrency = modelRuns };
        var server = new ExecutionOptions { Profile = profile, IntraOpThreads = threads, Concurrency = runs };
        Assert.True(new RunShape(expectedThreads, expectedRuns) == RunShape.Of(model, server, processors: 8), what);
    }

    [Fact]
    public void A_model_may_say_nothing() => Assert.Equal(new RunShape(1, 8), RunShape.Of(null, new ExecutionOptions(), processors: 8));
}
