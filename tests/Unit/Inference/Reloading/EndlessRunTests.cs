using System.Text.Json.Nodes;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

/// <summary>Versions of which a run that they must prove themselves with does not end.</summary>
public sealed class EndlessRunTests
{
    public enum In
    {
        RowIndependence,
        WarmUp,
        GoldenSamples,
    }

    public static TheoryData<In> Stages => [.. Enum.GetValues<In>()];

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task One_that_nobody_wants_any_more_ends_at_once(In stage)
    {
        await using var rig = new ReloadRig();
        await rig.StartAsync();
        await rig.SaysAsync(1, AckState.Loading, rig.Want(Endless(rig, stage)));

        await rig.SaysAsync(2, AckState.Serving, rig.Want(rig.Cached(2)));

        Assert.Equal(AckState.Unloaded, rig.Said(1)!.State);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task One_that_does_not_end_in_time_is_rejected_and_the_others_go_on(In stage)
    {
        await using var rig = new ReloadRig(reloading: new ReloadOptions { ProveTimeout = TimeSpan.FromSeconds(1) });
        await rig.StartAsync();
        var generation = rig.Want([Endless(rig, stage)], [rig.Cached(2)]);

        var ack = await rig.SaysAsync(1, AckState.Rejected, generation);

        Assert.Contains("Reload:ProveTimeout", ack.Reason, StringComparison.Ordinal);
        await rig.SaysAsync(2, AckState.Serving, generation);
    }

    [Fact]
    public async Task It_ends_when_the_replica_is_stopped()
    {
        await using var rig = new ReloadRig();
        await rig.StartAsync();
        await rig.SaysAsync(1, AckState.Loading, rig.Want(Endless(rig, In.WarmUp)));

        await rig.StopAsync(TimeSpan.FromSeconds(10));

        Assert.False(rig.Running!.IsFaulted);
    }

    [Fact]
    public async Task A_starting_replica_waits_for_it_no_longer_than_for_one_that_cannot_be_had()
    {
        var time = new FakeTime();
        await using var rig = new ReloadRig(time);
        await rig.StartAsync();
        await rig.SaysAsync(1, AckState.Loading, rig.Want(Endless(rig, In.WarmUp)));
        Assert.NotNull(rig.Readiness.Obstacle());

        await Eventually.IsTrueAsync("it is ready", () =>
        {
            time.Advance(new ReadinessOptions().LoadTimeout / 4);
            return Task.FromResult(rig.Readiness.Obstacle() is null);
        });
        Assert.Equal(AckState.Loading, rig.Said(1)!.State);
    }

    // Short of rejection's own time, as long as it likes: that a download is slow says nothing against the version.
    [Fact]
    public async Task A_starting_replica_waits_for_a_download_that_goes_on()
    {
        var time = new FakeTime();
        await using var rig = new ReloadRig(time);
        await rig.StartAsync();
        await rig.SaysAsync(1, AckState.Loading, rig.Want(ReloadRig.Unreachable(1)));

        time.Advance(2 * new ReadinessOptions().LoadTimeout);

        Assert.NotNull(rig.Readiness.Obstacle());
    }

    private static DesiredVersion Endless(ReloadRig rig, In stage) => stage switch
    {
        In.RowIndependence => rig.Cached(1, OnnxModels.SlowTimes(1, long.MaxValue)),
        In.WarmUp => rig.Cached(1, OnnxModels.SlowTimes(1, long.MaxValue, batch: 1)),
        _ => rig.Cached(1, OnnxModels.Spin(), Golden, new() { ["rounds.bin"] = BitConverter.GetBytes(long.MaxValue) }),
    };

    private static JsonArray Golden => new(new JsonObject
    {
        ["inputs"] = new JsonObject { ["rounds"] = "rounds.bin" },
        ["outputs"] = new JsonObject { ["y"] = "rounds.bin" },
    });
}
