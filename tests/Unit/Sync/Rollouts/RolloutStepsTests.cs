using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Rollouts;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Rollouts;

/// <summary>First 1, then 2 at once; 5 s to bake, 60 s for a step. The document that began the rollout had generation 8.</summary>
public sealed class RolloutStepsTests
{
    private static readonly RolloutPlan Policy = new(First: 1, AtOnce: 2) { Bake = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(60) };

    // wanted; published; its fallback; candidate; who has it; what each replica says of 2 (- nothing, l loading, s serving, r rejected, t retrying);
    // seconds since this step; seconds since all serve it (-1: not yet) → move; candidate; who has it
    [Theory]
    [InlineData("2", "", "", "", "", "a- b-", 0, -1, "Live", "", "")]                       // nothing to fall back to
    [InlineData("1", "1", "", "", "", "a- b-", 0, -1, "", "", "")]                          // nothing to do
    [InlineData("2", "1", "", "", "", "a- b- c-", 0, -1, "Started", "2", "a")]
    [InlineData("2", "1", "", "", "", "", 0, -1, "Live", "", "")]                           // nobody there to prove it
    [InlineData("1", "2", "1", "", "", "a- b-", 0, -1, "Live", "", "")]                     // the way back needs no proof
    [InlineData("2", "2 1", "", "", "", "a- b-", 0, -1, "Live", "", "")]                    // fewer of the same
    [InlineData("3 2", "2 1", "", "", "", "a- b-", 0, -1, "Started", "3 2", "a")]
    [InlineData("2", "1", "", "2", "a", "al b-", 1, -1, "", "2", "a")]
    [InlineData("2", "1", "", "2", "a", "a- b-", 1, -1, "", "2", "a")]
    [InlineData("2", "1", "", "2", "a", "at b-", 59, -1, "", "2", "a")]
    [InlineData("2", "1", "", "2", "a", "as b- c- d-", 9, 4, "", "2", "a")]                 // bakes
    [InlineData("2", "1", "", "2", "a", "as b- c- d-", 9, 5, "Stepped", "2", "a b c")]
    [InlineData("2", "1", "", "2", "a b c", "as bs cs d-", 9, 0, "Stepped", "2", "a b c d")]  // bakes once only
    [InlineData("2", "1", "", "2", "a b c", "as bs cl d-", 9, -1, "", "2", "a b c")]
    [InlineData("2", "1", "", "2", "a b c d", "as bs cs ds", 9, 0, "Live", "", "")]
    [InlineData("2", "1", "", "2", "a", "as", 9, 5, "Live", "", "")]                        // the only one
    [InlineData("2", "1", "", "2", "a", "ar b-", 1, -1, "RolledBack", "", "")]
    [InlineData("2", "1", "", "2", "a b c", "as br cl d-", 1, -1, "RolledBack", "", "")]
    [InlineData("2", "1", "", "2", "a", "al b-", 60, -1, "RolledBack", "", "")]             // too late
    [InlineData("2", "1", "", "2", "a", "a- b-", 60, -1, "RolledBack", "", "")]
    [InlineData("2", "1", "", "2", "a", "as br", 9, 4, "", "2", "a")]                       // said by one that has it not: of an earlier try
    [InlineData("2", "1", "", "2", "a", "b- c-", 1, -1, "Stepped", "2", "b")]               // the first is gone: another one
    [InlineData("2", "1", "", "2", "a b", "as c-", 9, 5, "Stepped", "2", "a c")]            // one is gone, another has come
    [InlineData("2", "1", "", "2", "a", "", 99, -1, "", "2", "a")]                          // all are gone: whoever comes goes on with it
    [InlineData("3", "1", "", "2", "b", "a- bl", 1, -1, "Started", "3", "b")]               // overtaken: on the replica that was changed anyway
    [InlineData("1", "1", "", "2", "a", "as b-", 1, 1, "Abandoned", "", "")]                // withdrawn
    [InlineData("2b", "1", "", "2", "a", "as b-", 1, 1, "Started", "2b", "a")]              // overwritten
    public void One_step_follows_from_what_is_there(
        string wanted, string published, string fallback, string candidate, string given, string replicas, int step, int served, string kind, string next, string has)
    {
        var current = published.Length == 0 ? null : Running(published, fallback, candidate, given);
        var move = RolloutSteps.Next(current, Published(wanted), Situation(replicas) with
        {
            SinceStep = TimeSpan.FromSeconds(step),
            SinceServed = served < 0 ? null : TimeSpan.FromSeconds(served),
        });

        Assert.Equal((kind, next, has), (move.Kind.ToString() ?? "", Text(move.Next.Candidate?.Versions ?? []), string.Join(' ', move.Next.Replicas.Keys)));
        Assert.Equal(kind is "Live" or "Abandoned" ? wanted : published, Text(move.Next.Versions));
        Assert.Equal(kind == "RolledBack" ? "2" : "", Text(move.Next.Quarantine.Select(refused => refused.Version)));
    }

    // of a model that was not published: wanted; its fallback; whether replicas have served what is wanted; replicas → move; published; candidate
    [Theory]
    [InlineData("2", "", false, "a- b-", "Live", "2", "")]
    [InlineData("2", "1", true, "a- b-", "Live", "2", "")]
    [InlineData("2", "1", false, "a- b-", "Started", "1", "2")]
    [InlineData("2", "1", false, "", "Live", "2", "")]                 // nobody there to prove it
    public void A_model_that_comes_back_begins_with_what_is_known_to_be_good(
        string wanted, string fallback, bool isKnownGood, string replicas, string kind, string published, string candidate)
    {
        foreach (var idle in new[] { null, Published("") with { Quarantine = [new QuarantinedVersion(Desired("3"), "It is bad.")] } })
        {
            var move = RolloutSteps.Next(idle, Published(wanted, fallback), Situation(replicas) with { Good = isKnownGood ? [Desired("2").Identity] : [] });
            Assert.Equal((kind, published, candidate), (move.Kind.ToString(), Text(move.Next.Versions), Text(move.Next.Candidate?.Versions ?? [])));
        }
    }

    [Fact]
    public void To_unload_a_model_takes_no_steps()
    {
        var goal = Published("") with { Quarantine = [new QuarantinedVersion(Desired("3"), "It is bad.")] };
        foreach (var current in new[] { Published("1"), Running("1", "", "2", "a"), goal })
            Assert.Equal(new RolloutMove(goal), RolloutSteps.Next(current, goal, Situation("a- b-")));
    }

    [Theory]
    [InlineData("ar b-", -1, 1, "a: It is bad.")]
    [InlineData("at b-", -1, 60, "a: It does not serve it after 00:01:00; it is retrying: It is bad.")]
    [InlineData("a- b-", -1, 60, "a: It does not serve it after 00:01:00; it has said nothing of it")]
    public void The_reason_says_who_found_what(string replicas, int served, int step, string reason)
    {
        var move = RolloutSteps.Next(Running("1", "", "2", "a"), Published("2"), Situation(replicas) with { SinceStep = TimeSpan.FromSeconds(step), SinceServed = served < 0 ? null : default });
        Assert.Equal((reason, reason), (move.Reason, Assert.Single(move.Next.Quarantine).Reason));
    }

    [Fact]
    public void A_paused_rollout_takes_no_step_but_the_one_back()
    {
        var current = Running("1", "", "2", "a");
        var paused = Situation("as b-") with { IsPaused = true, SinceServed = TimeSpan.FromHours(1) };
        Assert.Null(RolloutSteps.Next(current, Published("2"), paused).Kind);
        Assert.Null(RolloutSteps.Next(Published("1"), Published("2"), paused).Kind);
        Assert.Equal(HistoryKind.RolledBack, RolloutSteps.Next(current, Published("2"), Situation("ar b-") with { IsPaused = true }).Kind);
    }

    [Fact]
    public void While_replicas_may_still_come_back_nobody_is_taken_for_gone()
    {
        var early = Situation("b-") with { IsSettled = false };
        Assert.Null(RolloutSteps.Next(Running("1", "", "2", "a"), Published("2"), early).Kind);
        Assert.Null(RolloutSteps.Next(Published("1"), Published("2"), early).Kind);
        Assert.Null(RolloutSteps.Next(Published("1"), Published("2"), Situation("") with { IsSettled = false }).Kind);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(7, false)]      // in an earlier try, before an operator released it
    public void A_process_that_ends_while_it_loads_the_version_is_taken_for_one_that_the_version_has_ended(long generation, bool counts)
    {
        var move = RolloutSteps.Next(Running("1", "", "2", "a"), Published("2"), Situation("b-") with { Interruptions = [Interrupted("2", generation)] });
        Assert.Equal(counts ? "a: Its process ended while it loaded the version." : null, move.Reason);
    }

    // who ended while it served 2, for which generation; who has it → the reason
    [Theory]
    [InlineData("b", 8, "b", null)]                         // may have had any reason
    [InlineData("a b", 8, "c", "b: Its process ended while it served the version, as that of a did before.")]
    [InlineData("a a", 8, "a", "a: Its process ended while it served the version, as that of a did before.")]
    [InlineData("a b", 7, "c", null)]                       // in an earlier try
    [InlineData("a b", 8, "c d e", null)]                   // it has proved itself: of many replicas some end
    public void A_version_under_which_one_first_replica_after_the_other_ends_is_taken_back(string ended, long generation, string given, string? reason)
    {
        var now = Situation("c- d- e-") with { Interruptions = [.. ended.Split(' ').Select(id => new Interruption(Id(id), Fashion, Desired("2").Identity, generation, WasLoading: false))] };
        var move = RolloutSteps.Next(Running("1", "", "2", given), Published("2"), now);
        Assert.Equal(reason, move.Reason);
    }

    [Fact]
    public void A_version_that_has_ended_the_only_replica_there_is_goes_back_before_anybody_comes_again()
    {
        var move = RolloutSteps.Next(Running("1", "", "2", "a"), Published("2"), Situation("") with { Interruptions = [Interrupted("2", 8)] });
        Assert.Equal(HistoryKind.RolledBack, move.Kind);
    }

    [Fact]
    public void A_version_that_was_served_before_is_not_withdrawn_for_a_process_that_ended_once()
    {
        var now = Situation("al bl") with { Interruptions = [Interrupted("2", 3)], Good = [Desired("2").Identity] };
        Assert.Null(RolloutSteps.Next(Published("2", "1"), Published("2", "1"), now).Kind);
    }

    [Fact]
    public void A_first_version_that_ends_every_process_is_withdrawn_unless_one_serves_it()
    {
        var crashing = Situation("b-") with { Interruptions = [Interrupted("2", 3)] };
        var move = RolloutSteps.Next(Published("2"), Published("2"), crashing);
        Assert.Equal((HistoryKind.RolledBack, "", "2"), (move.Kind!.Value, Text(move.Next.Versions), Text(move.Next.Quarantine.Select(refused => refused.Version))));
        Assert.Null(RolloutSteps.Next(Published("2"), Published("2"), crashing with { Replicas = Situation("bs").Replicas }).Kind);
    }

    [Fact]
    public void Replicas_that_have_the_candidate_fall_back_to_what_the_others_serve_and_new_ones_are_others()
    {
        var running = Running("1", "", "2", "a");
        Assert.Equal(("2", "1"), (Text(running.For(Id("a")).Versions), Text(running.For(Id("a")).Fallback)));
        Assert.Equal(("1", ""), (Text(running.For(Id("b")).Versions), Text(running.For(Id("b")).Fallback)));
    }

    private static DesiredModel Running(string published, string fallback, string candidate, string given) => candidate.Length == 0
        ? Published(published, fallback)
        : Published(published, fallback) with
        {
            Candidate = new Candidate(Published(candidate).Versions, 8),
            Replicas = given.Split(' ').ToDictionary(Id, _ => RolloutPart.Candidate),
        };

    private static RolloutSituation Situation(string replicas) => new()
    {
        Policy = Policy,
        NextGeneration = 9,
        Replicas = [.. replicas.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new RolloutReplica(Id(word[..1]), Said(word[1])))],
    };

    private static Dictionary<Identity, VersionStatus> Said(char state) => state switch
    {
        's' => With(AckState.Serving),
        'l' => With(AckState.Loading),
        'r' => With(AckState.Rejected),
        't' => With(AckState.Retrying),
        _ => [],
    };

    private static Dictionary<Identity, VersionStatus> With(AckState state) => new()
    {
        [Desired("2").Identity] = new VersionStatus(Desired("2").Identity, state, 8, state is AckState.Rejected or AckState.Retrying ? "It is bad." : null),
    };

    private static Interruption Interrupted(string version, long generation) => new(Id("a"), Fashion, Desired(version).Identity, generation);

    private static ReplicaId Id(string name) => ReplicaId.Parse(name);
}
