using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class ShadowTests : IAsyncDisposable
{
    private readonly ReloadRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(2f, 1)]
    [InlineData(2.0001f, 1)]    // within the tolerance
    [InlineData(2.1f, 0)]
    public async Task A_shadow_answers_nobody_and_is_compared(float factor, int agreed)
    {
        await ShadowAsync(factor);
        Assert.Equal(1, Assert.Single(_rig.Catalog.Of(ReloadRig.Model)).Id.Version.Number);

        Assert.Equal((2f, 4f), await RunAsync());
        var calls = await ComparedAsync(1);
        Assert.Equal(agreed, calls.Agreed);
        Assert.True(calls.ServedRunSeconds > 0 && calls.RunSeconds > 0);
    }

    [Fact]
    public async Task One_that_is_to_answer_from_now_on_is_not_loaded_again()
    {
        var (first, second) = await ShadowAsync(2);
        await RunAsync();
        await ComparedAsync(1);

        await _rig.SaysAsync(2, AckState.Serving, _rig.Want(first, second, RolloutPart.Candidate));
        Assert.Null(_rig.Said(2)!.Seconds);
        Assert.Empty(_rig.Shadows.Calls);
        Assert.Equal((2f, 4f), await RunAsync());
    }

    [Fact]
    public async Task One_that_is_not_wanted_any_more_leaves_memory()
    {
        var (first, _) = await ShadowAsync(2);
        await _rig.SaysAsync(2, AckState.Unloaded, _rig.Want(first));
        await Eventually.IsTrueAsync("the shadow gone", () => Task.FromResult(!_rig.Shadows.Calls.Any()));
        Assert.Equal((2f, 4f), await RunAsync());
    }

    [Fact]
    public async Task One_that_neither_answers_nor_runs_any_more_leaves_memory_although_its_content_is_wanted()
    {
        var (first, second) = await ShadowAsync(2);
        var generation = _rig.Want([first], [second]);
        await _rig.SaysAsync(2, AckState.Unloaded, generation);
        await Eventually.IsTrueAsync("one version in memory", () => Task.FromResult(_rig.InMemory == 1));

        await _rig.SaysAsync(2, AckState.Shadowing, _rig.Want(first, second, RolloutPart.Shadow));
        var again = second with { Version = new ModelVersion(3) };
        generation = _rig.Want(again);
        await _rig.SaysAsync(3, AckState.Serving, generation);
        await _rig.SaysAsync(2, AckState.Unloaded, generation);
        await Eventually.IsTrueAsync("one version in memory", () => Task.FromResult(_rig.InMemory == 1));
    }

    [Fact]
    public async Task One_that_cannot_be_loaded_is_rejected_and_nothing_else_changes()
    {
        var first = _rig.Cached(1, OnnxModels.Times(2));
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Serving, _rig.Want(first));
        var generation = _rig.Want(first, _rig.Cached(2, [1, 2, 3]), RolloutPart.Shadow);
        await _rig.SaysAsync(2, AckState.Rejected, generation);
        Assert.Equal(1, Assert.Single(_rig.Catalog.Of(ReloadRig.Model)).Id.Version.Number);
    }

    private async Task<(DesiredVersion First, DesiredVersion Second)> ShadowAsync(float factor)
    {
        var (first, second) = (_rig.Cached(1, OnnxModels.Times(2)), _rig.Cached(2, OnnxModels.Times(factor)));
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Serving, _rig.Want(first));
        await _rig.SaysAsync(2, AckState.Shadowing, _rig.Want(first, second, RolloutPart.Shadow));
        return (first, second);
    }

    private async Task<(float, float)> RunAsync()
    {
        var input = Tensor.Zeros("x", Datatype.Fp32, [1, 2]);
        (input.Elements<float>()[0], input.Elements<float>()[1]) = (1, 2);
        var outputs = await _rig.Catalog.Of(ReloadRig.Model)[0].Runners.RunAsync([input], TestContext.Current.CancellationToken);
        return (outputs[0].Elements<float>()[0], outputs[0].Elements<float>()[1]);
    }

    private Task<ShadowCalls> ComparedAsync(int calls) => Eventually.GetAsync($"{calls} compared", () =>
        Task.FromResult(_rig.Shadows.Calls.Select(shadow => shadow.Calls).FirstOrDefault(shadow => shadow.Compared == calls)));
}
