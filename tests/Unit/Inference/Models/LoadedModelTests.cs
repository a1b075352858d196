using ModelPlatform.Inference.Tensors;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Models;

public sealed class LoadedModelTests : IDisposable
{
    private readonly ModelsInMemory _models = new();

    public void Dispose() => _models.Dispose();

    // The caller who gave up holds the version no longer, and the session must not be pulled away from under the run he left behind.
    [Fact]
    public async Task A_version_is_disposed_only_once_the_run_of_a_caller_who_gave_up_has_ended()
    {
        for (var version = 1; version <= 5; version++)
        {
            var model = _models.Load(version, OnnxModels.Spin());
            using var caller = new CancellationTokenSource();
            var call = model.Runners.RunAsync([Rounds(long.MaxValue)], caller.Token);
            await Eventually.IsTrueAsync("the call is in its run", () => Task.FromResult(model.Runners.Waiting == 0));

            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            model.Release();
            Assert.True(model.Drained.IsCompleted);
            await model.DisposeAsync();
        }
    }

    private static Tensor Rounds(long count)
    {
        var rounds = Tensor.Zeros("rounds", Datatype.Int64, [1]);
        rounds.Elements<long>()[0] = count;
        return rounds;
    }
}
