using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Console;
using ModelPlatform.Tests.Unit.Sync.Planning;

namespace ModelPlatform.Tests.Unit.Sync.Console;

public sealed class ConsoleViewTests
{
    private static readonly DesiredModel Rolling = Offers.Published("1") with
    {
        Candidate = new Candidate([Offers.Desired("2")], 8),
        Replicas = new Dictionary<ReplicaId, RolloutPart> { [ReplicaId.Parse("a")] = RolloutPart.Candidate },
    };

    /// <summary>Replicas are written "a: 1 serving, 2 loading; b: 1 serving".</summary>
    [Theory]
    [InlineData("a: 1 serving; b: 1 serving", "Version 2 comes in place of 1: 0 of 2 replicas serve it. It is loaded by a.", 0)]
    [InlineData("a: 1 serving, 2 loading; b: 1 serving", "Version 2 comes in place of 1: 0 of 2 replicas serve it. It is loaded by a.", 0)]
    [InlineData("a: 2 serving; b: 1 serving", "Version 2 comes in place of 1: 1 of 2 replicas serve it. It proves itself on a before others get it.", 1)]
    [InlineData("a: 2b serving; b: 1 serving", "Version 2 comes in place of 1: 0 of 2 replicas serve it. It is loaded by a.", 0)]
    [InlineData("a: 2 serving", "Version 2 comes in place of 1: 1 of 1 replicas serve it. It is about to become the version of all.", 1)]
    [InlineData("b: 1 serving", "Version 2 comes in place of 1: 0 of 1 replicas serve it. No replica that has it is connected.", 0)]
    public void A_rollout_says_where_it_is(string replicas, string says, int serving)
    {
        var model = ModelOf(Rolling, replicas);
        Assert.Equal((says, says, serving), (model.Says, model.Rollout!.Says, model.Rollout.Serving));
    }

    [Theory]
    [InlineData("a: 1 serving, 2 loading; b: 1 serving", "It is loaded by a.")]
    [InlineData("a: 1 serving, 2 shadowing; b: 1 serving", "It runs in the shadow on a: its answers are compared, and nobody gets them.")]
    public void A_shadow_serves_nobody(string replicas, string stage)
    {
        var rollout = ModelOf(Rolling with { Replicas = new Dictionary<ReplicaId, RolloutPart> { [ReplicaId.Parse("a")] = RolloutPart.Shadow } }, replicas).Rollout!;
        Assert.Equal(($"Version 2 comes in place of 1: 0 of 2 replicas serve it. {stage}", 0), (rollout.Says, rollout.Serving));
    }

    [Fact]
    public void Of_many_replicas_in_a_rollout_those_that_are_waited_for_are_shown_first()
    {
        var names = Enumerable.Range(0, 200).Select(number => $"r{number:000}").ToList();
        var replicas = string.Join("; ", names.Select(name => $"{name}: {(name == "r199" ? "1" : "2")} serving"));
        var rollout = ModelOf(Rolling with { Replicas = names.ToDictionary(name => ReplicaId.Parse(name), _ => RolloutPart.Candidate) }, replicas).Rollout!;
        Assert.Equal((RolloutView.MaxReplicas, 150, 199), (rollout.Replicas.Count, rollout.MoreReplicas, rollout.Serving));
        Assert.Equal(("r199", "not begun"), (rollout.Replicas[0].Id, rollout.Replicas[0].State));
        Assert.Equal("r000", rollout.Replicas[1].Id);
    }

    [Theory]
    [InlineData("1", "a: 1 serving; b: 1 serving", "Version 1: 2 of 2 replicas serve it.")]
    [InlineData("1", "a: 1 loading; b: 1b serving", "Version 1: 0 of 2 replicas serve it.")]
    [InlineData("3 2", "a: 2 serving, 3 serving; b: 3 serving", "Versions 3, 2: 1 of 2 replicas serve them.")]
    [InlineData("1", "", "Version 1: 0 of 0 replicas serve it.")]
    [InlineData("", "a: 1 serving", "No version of it can be served.")]
    public void Otherwise_it_says_how_many_serve_what_is_wanted(string versions, string replicas, string says) =>
        Assert.Equal(says, ModelOf(Offers.Published(versions), replicas).Says);

    [Fact]
    public void Every_version_has_its_state_and_a_quarantined_one_its_reason()
    {
        var model = ModelOf(Rolling with { Fallback = [Offers.Desired("5")], Quarantine = [new(Offers.Desired("3"), "a: It is <b>bad</b>.")] }, "a: 2 serving; b: 1 serving");
        Assert.Equal(
            ["2 Candidate 1 ", "1 Wanted 1 ", "5 Fallback 0 ", "3 Quarantined 0 a: It is <b>bad</b>."],
            model.Versions.Select(version => $"{version.Version} {version.Role} {version.Serving} {version.Reason}"));
    }

    [Fact]
    public void What_can_be_rolled_back_to_is_what_is_proved_or_the_fallback()
    {
        Assert.Equal(new ModelVersion(1), ModelOf(Rolling with { Fallback = [Offers.Desired("5")] }, "").Before);
        Assert.Equal(new ModelVersion(1), ModelOf(Offers.Published("2", "1"), "").Before);
        Assert.Null(ModelOf(Offers.Published("2"), "").Before);
    }

    [Theory]
    [InlineData(null, false, null)]
    [InlineData(1L, false, "Operators have pinned it to version 1.")]
    [InlineData(null, true, "Operators have paused its rollouts.")]
    [InlineData(1L, true, "Operators have pinned it to version 1 and paused its rollouts.")]
    public void What_operators_wish_is_said(long? pin, bool paused, string? says)
    {
        var wishes = ModelOverrides.None.With(Offers.Fashion, new ModelOverride(Pin: pin is { } number ? new ModelVersion(number) : null, Paused: paused));
        Assert.Equal(says, View(Offers.Published("1"), [], wishes).Models.Single().Wishes);
    }

    [Theory]
    [InlineData(false, "Operators have pinned it to version 3. Version 3 is in quarantine; version 1 is served instead.")]
    [InlineData(true, "Operators have pinned it to version 3 and paused its rollouts. Version 3 is in quarantine; version 1 is served instead.")]
    public void A_pin_to_a_version_in_quarantine_is_said_with_what_is_served_instead(bool paused, string says)
    {
        var wishes = ModelOverrides.None.With(Offers.Fashion, new ModelOverride(Pin: new(3), Paused: paused));
        Assert.Equal(says, View(Offers.Published("1") with { Quarantine = [new(Offers.Desired("3"), "bad")] }, [], wishes).Models.Single().Wishes);
    }

    [Fact]
    public void A_model_that_is_unloaded_is_not_forgotten()
    {
        var wishes = ModelOverrides.None.With(Offers.Other, new ModelOverride(Unload: true));
        var view = View(Offers.Published("1"), [], wishes);
        Assert.Equal(["fashion", "other"], view.Models.Select(model => model.Name.ToString()));
        Assert.Equal("It is unloaded: no replica is to serve it.", view.Models[1].Says);
    }

    [Fact]
    public void Replicas_that_are_away_do_not_count_and_are_shown_first()
    {
        List<ReplicaStatus> replicas = [.. Replicas("a: 1 serving; b: 1 serving")];
        replicas[1] = replicas[1] with { Connected = false };
        var view = View(Offers.Published("1"), replicas);
        Assert.Equal("Version 1: 1 of 1 replicas serve it.", view.Models.Single().Says);
        Assert.Equal(["b", "a"], view.Replicas.Select(replica => replica.Id));
    }

    [Fact]
    public void A_replica_says_which_of_its_versions_is_the_candidate()
    {
        var replica = View(Rolling, Replicas("a: 1 serving, 2 serving")).Replicas.Single();
        Assert.Equal(["1 serving False", "2 serving True"], replica.Versions.Select(version => $"{version.Version} {version.State} {version.IsCandidate}"));
    }

    [Fact]
    public void A_thousand_replicas_are_counted_and_not_all_shown()
    {
        var view = View(Offers.Published("1"), [.. Enumerable.Range(0, 1000).SelectMany(i => Replicas($"r{i}: 1 serving"))]);
        Assert.Equal("Version 1: 1000 of 1000 replicas serve it.", view.Models.Single().Says);
        Assert.Equal((ConsoleView.MaxReplicas, 1000 - ConsoleView.MaxReplicas), (view.Replicas.Count, view.MoreReplicas));
    }

    [Fact]
    public void Before_the_first_document_there_is_nothing_but_replicas()
    {
        var view = ConsoleView.Of(null, ModelOverrides.None, [.. Replicas("a: 1 serving")], [], []);
        Assert.Equal((null, 0, 1), (view.Generation, view.Models.Count, view.Replicas.Count));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a b", "a and b")]
    [InlineData("a b c", "a, b and c")]
    [InlineData("a b c d e", "a, b, c and 2 more")]
    public void Of_many_names_the_first_are_told(string names, string told) => Assert.Equal(told, Words.Some(names.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static ModelView ModelOf(DesiredModel model, string replicas) => View(model, [.. Replicas(replicas)]).Models.Single();

    private static ConsoleView View(DesiredModel model, IEnumerable<ReplicaStatus> replicas, ModelOverrides? wishes = null) =>
        ConsoleView.Of(Offers.State((Offers.Fashion, model)), wishes ?? ModelOverrides.None, [.. replicas], [], []);

    private static IEnumerable<ReplicaStatus> Replicas(string text) =>
        from replica in text.Split("; ", StringSplitOptions.RemoveEmptyEntries)
        let parts = replica.Split(": ")
        select new ReplicaStatus(parts[0], Connected: true, Generation: 8, new Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>>
        {
            [Offers.Fashion] = parts[1].Split(", ").Select(said => said.Split(' ')).ToDictionary(
                said => Offers.Desired(said[0]).Version,
                said => new VersionStatus(Offers.Desired(said[0]).Identity, Enum.Parse<AckState>(said[1], ignoreCase: true), 8)),
        });
}
