using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Rollouts;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Rollouts;

public sealed class ShadowStepsTests
{
    private static readonly ShadowPlan Plan = new(MinAgreement: 0.9, MaxLatencyRatio: 2, MinCalls: 10) { For = TimeSpan.FromSeconds(30) };
    private static readonly ReplicaId A = ReplicaId.Parse("a");

    [Fact]
    public void The_first_replicas_begin_with_the_shadow()
    {
        var move = RolloutSteps.Next(Published("1"), Published("2"), Situation());
        Assert.Equal((HistoryKind.Started, RolloutPart.Shadow, Plan), (move.Kind!.Value, move.Next.Replicas[A], move.Next.Candidate!.Shadow));
        Assert.Equal(("1", "2"), (Text(move.Next.For(A).Versions), Text([move.Next.For(A).Shadowed!])));
    }

    // state of 2; seconds since it is there (-1: not yet); compared, agreed; seconds of it and of the one that answered → what follows
    [Theory]
    [InlineData(AckState.Loading, -1, 0, 0, 0, 0, null, RolloutPart.Shadow)]
    [InlineData(AckState.Shadowing, 29, 100, 0, 1, 1, null, RolloutPart.Shadow)]
    [InlineData(AckState.Shadowing, 30, 100, 90, 1, 1, "Stepped", RolloutPart.Candidate)]
    [InlineData(AckState.Shadowing, 30, 100, 89, 1, 1, "RolledBack", null)]
    [InlineData(AckState.Shadowing, 30, 100, 100, 3, 1, "RolledBack", null)]
    [InlineData(AckState.Shadowing, 30, 9, 0, 1, 1, "Stepped", RolloutPart.Candidate)]     // too few to tell
    [InlineData(AckState.Rejected, -1, 0, 0, 0, 0, "RolledBack", null)]
    public void After_its_time_it_is_judged(
        AckState state, int since, long compared, long agreed, double seconds, double served, string? kind, RolloutPart? part)
    {
        var current = Published("1") with
        {
            Candidate = new Candidate(Published("2").Versions, 8) { Shadow = Plan },
            Replicas = new Dictionary<ReplicaId, RolloutPart> { [A] = RolloutPart.Shadow },
        };
        var move = RolloutSteps.Next(current, Published("2"), Situation(state) with
        {
            SinceServed = since < 0 ? null : TimeSpan.FromSeconds(since),
            Shadowed = new ShadowCalls(compared, agreed, seconds, served),
        });
        Assert.Equal((kind, part), (move.Kind?.ToString(), move.Next.Replicas.TryGetValue(A, out var given) ? given : null));
        Assert.Equal(kind == "RolledBack", move.Next.Quarantine.Count == 1);
    }

    [Fact]
    public void The_reason_gives_the_figures()
    {
        Assert.Equal("In the shadow it agreed in 50.0 % of 20 calls with the version before; 90.0 % are wanted.", ShadowVerdict.Find(Plan, new ShadowCalls(20, 10, 1, 1)));
        Assert.Equal("In the shadow a run takes 3.0 times as long as with the version before; 2.0 times are allowed.", ShadowVerdict.Find(Plan, new ShadowCalls(20, 20, 3, 1)));
    }

    private static RolloutSituation Situation(AckState? state = null) => new()
    {
        Policy = new RolloutPlan { Shadow = Plan },
        NextGeneration = 9,
        Replicas = [new RolloutReplica(A, state is { } said
            ? new Dictionary<Identity, VersionStatus> { [Desired("2").Identity] = new(Desired("2").Identity, said, 8, "It is bad.") }
            : [])],
    };
}
