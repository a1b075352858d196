using System.Text.Json.Nodes;
using ModelPlatform.Inference;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

/// <summary>Models of which two do not fit into memory.</summary>
public sealed class MemoryTransitionTests : IAsyncDisposable
{
    private readonly ReloadRig _rig = new() { Transition = Transition.Memory };

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task The_new_version_is_not_loaded_before_the_last_request_has_left_the_old_one()
    {
        await ServeFirstAsync();
        using (_rig.Catalog.Acquire("m"))
        {
            var generation = _rig.Want(_rig.Cached(2));
            var told = await PauseAsync();
            Assert.Contains("changing to version 2", told, StringComparison.Ordinal);
            Assert.Null(_rig.Readiness.Obstacle());
            Assert.Equal((AckState.Loading, generation), (_rig.Said(2)!.State, _rig.Said(2)!.Generation));
        }
        await _rig.SaysAsync(2, AckState.Serving, 2);
        Assert.Equal(AckState.Unloaded, _rig.Said(1)!.State);
        using var lease = _rig.Catalog.Acquire("m");
        Assert.Equal(2, lease.Model.Id.Version.Number);
    }

    [Fact]
    public async Task A_version_that_is_found_wrong_before_it_is_loaded_takes_nothing_down()
    {
        var first = await ServeFirstAsync();
        var served = Assert.Single(_rig.Catalog.Of(ReloadRig.Model));

        await _rig.SaysAsync(2, AckState.Rejected, _rig.Want([_rig.Cached(2, model: [1, 2, 3])], [first]));

        Assert.Same(served, Assert.Single(_rig.Catalog.Of(ReloadRig.Model)));
    }

    // In the flat form there is no fallback, and nobody wants the version before.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_fails_what_it_must_prove_gives_way_to_the_one_before(bool isFallback)
    {
        var first = await ServeFirstAsync();
        var wrong = new JsonArray(new JsonObject { ["inputs"] = new JsonObject { ["x"] = "x.bin" }, ["outputs"] = new JsonObject { ["y"] = "x.bin" } });
        var second = _rig.Cached(2, golden: wrong, more: new() { ["x.bin"] = new byte[] { 0, 0, 128, 63, 0, 0, 128, 63 } });

        var generation = _rig.Want([second], isFallback ? [first] : []);

        await _rig.SaysAsync(2, AckState.Rejected, generation);
        await _rig.SaysAsync(1, AckState.Serving, generation);
        using var lease = _rig.Catalog.Acquire("m");
        Assert.Equal(1, lease.Model.Id.Version.Number);
    }

    [Fact]
    public async Task What_could_not_be_loaded_is_tried_again_without_taking_the_model_down_once_more()
    {
        await ServeFirstAsync();
        var generation = _rig.Want(_rig.Cached(2, model: OnnxModels.Hungry()));
        var first = await _rig.SaysAsync(2, AckState.Retrying, generation);
        var served = await Eventually.GetAsync("the one before is back", () => Task.FromResult(_rig.Catalog.Of(ReloadRig.Model) is [var back] ? back : null));
        Assert.Equal(1, served.Id.Version.Number);

        await Eventually.IsTrueAsync("another try has failed", () => Task.FromResult(_rig.Said(2) is { State: AckState.Retrying } again && again.Seconds != first.Seconds));

        Assert.Same(served, Assert.Single(_rig.Catalog.Of(ReloadRig.Model)));
        Assert.False(served.Drained.IsCompleted);
    }

    [Fact]
    public async Task A_model_that_nobody_wants_any_more_is_unknown_and_not_paused()
    {
        await ServeFirstAsync();
        using (_rig.Catalog.Acquire("m"))
        {
            _rig.Want(_rig.Cached(2));
            await PauseAsync();
            _rig.Feed.Offer(new DesiredState { Generation = 99, Published = default, Models = new Dictionary<ModelName, DesiredModel>() });
        }
        await Eventually.IsTrueAsync("it is unknown", () => Task.FromResult(Refusal()?.Kind == FaultKind.UnknownModel));
    }

    private async Task<DesiredVersion> ServeFirstAsync()
    {
        var first = _rig.Cached(1);
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Serving, _rig.Want(first));
        await Eventually.IsTrueAsync("it is ready", () => Task.FromResult(_rig.Readiness.Obstacle() is null));
        return first;
    }

    private Task<string> PauseAsync() =>
        Eventually.GetAsync("the pause", () => Task.FromResult(Refusal() is { Kind: FaultKind.NotReady } pause ? pause.Message : null));

    private InferenceFault? Refusal()
    {
        try
        {
            _rig.Catalog.Acquire("m").Dispose();
            return null;
        }
        catch (InferenceFault fault) { return fault; }
    }
}
