using ModelPlatform.Inference.Shadowing;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Tests.Shared;
using ModelPlatform.Tests.Unit.Inference.Models;

namespace ModelPlatform.Tests.Unit.Inference.Shadowing;

public sealed class ShadowRunTests : IDisposable
{
    private readonly ModelsInMemory _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task A_run_that_does_not_end_is_broken_off_with_it_and_counts_as_no_comparison()
    {
        await using var shadow = _models.Load(1, OnnxModels.Spin());
        var rounds = Tensor.Zeros("rounds", Datatype.Int64, [1]);
        rounds.Elements<long>()[0] = long.MaxValue;
        var run = new ShadowRun(shadow, new ShadowPlan(Share: 1));
        run.Offer([rounds], [], TimeSpan.Zero);

        await run.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(0, run.Calls.Compared);
    }
}
