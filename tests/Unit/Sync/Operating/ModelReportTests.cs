using ModelPlatform.Cli.Status;
using ModelPlatform.Cli.Telling;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Operating;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Operating;

/// <summary>What operators are told of a rollout, by ModelSync and then in the words of modelctl.</summary>
public sealed class ModelReportTests
{
    private static readonly DesiredState Rolling = State((Fashion, Published("2", "1") with
    {
        Candidate = new Candidate([Desired("4")], 6, "00-1"),
        Replicas = new Dictionary<ReplicaId, RolloutPart> { [ReplicaId.Parse("a")] = RolloutPart.Candidate, [ReplicaId.Parse("gone")] = RolloutPart.Candidate },
        Quarantine = [new QuarantinedVersion(Desired("3"), "Replica a rejected it: golden sample 0.")],
    }), (Other, Published("1")));

    private static readonly ModelOverrides Wishes = ModelOverrides.None
        .With(Fashion, new ModelOverride(Paused: true))
        .With(ModelName.Parse("retired"), new ModelOverride(Unload: true, Pin: new(1)));

    private static readonly IReadOnlyList<ReplicaStatus> Replicas =
        [Replica("a", ("4", AckState.Serving), ("2", AckState.Unloaded)), Replica("b", ("2", AckState.Serving)), Replica("c", ("2", AckState.Loading), ("1b", AckState.Serving)), Replica("off", ("2", AckState.Serving)) with { Connected = false }];

    [Fact]
    public void A_model_comes_with_its_wishes_its_rollout_its_quarantine_and_who_has_what()
    {
        var models = ModelReport.Models(Rolling, Wishes, Replicas);
        Assert.Equal(["fashion", "other", "retired"], models.Select(model => model.Model.ToString()));
        var fashion = models[0];
        Assert.Equal("2 | 4 | 3 | 1", $"{Numbers(fashion.Versions)} | {Numbers(fashion.Candidate)} | {Numbers(fashion.Quarantine.Select(held => held.Version))} | {fashion.Fallback}");
        Assert.True(fashion is { Paused: true, Unloaded: false, Pin: null });
        Assert.Equal(
            ["1 given: ", "2 given:b c loading:c serving:b unloaded:a", "3 given: ", "4 given:a serving:a"],
            fashion.Replicas.Select(version => $"{version.Key} given:{string.Join(' ', version.Value.Given)} {string.Join(' ', version.Value.States.OrderBy(state => state.Key, StringComparer.Ordinal).Select(state => $"{state.Key}:{string.Join(',', state.Value)}"))}"));
        Assert.True(models[2] is { Unloaded: true, Pin.Number: 1, Versions.Count: 0 });
    }

    [Fact]
    public void A_rollout_says_how_far_it_is()
    {
        var rollout = Assert.Single(ModelReport.Rollouts(Rolling, Wishes, Replicas));
        Assert.Equal("fashion 2>4 since 6: a serving a, b c wait",
            $"{rollout.Model} {Numbers(rollout.From)}>{Numbers(rollout.To)} since {rollout.Generation}: {string.Join(' ', rollout.Given)} serving {string.Join(' ', rollout.Serving)}, {string.Join(' ', rollout.Waiting)} wait");
        Assert.True(rollout.Paused);
        Assert.Empty(rollout.Shadowing);

        var fashion = Rolling.Models[Fashion];
        var shadowed = State((Fashion, fashion with { Replicas = fashion.Replicas.ToDictionary(replica => replica.Key, _ => RolloutPart.Shadow) }));
        var shadow = Assert.Single(ModelReport.Rollouts(shadowed, Wishes, Replicas));
        Assert.Equal(("", "a", "a b c"), (string.Join(' ', shadow.Given), string.Join(' ', shadow.Shadowing), string.Join(' ', shadow.Waiting)));
    }

    [Fact]
    public void Modelctl_says_it_in_sentences() => Assert.Equal(
        [
            """Rollouts of fashion are paused until "modelctl resume fashion".""",
            "fashion/4 is being rolled out: 1 of 3 replicas have been given it, 1 serve it.",
            "fashion/3 is quarantined: Replica a rejected it: golden sample 0.",
            """retired is unloaded: nobody serves it until "modelctl load retired".""",
            """retired is pinned to version 1 until "modelctl unpin retired".""",
        ],
        ModelReport.Models(Rolling, Wishes, Replicas).SelectMany(ModelWords.Of));

    // pinned to; published; in quarantine → what is said beside the pin
    [Theory]
    [InlineData(3, "2", "3", "Version 3 is in quarantine; version 2 is served instead.")]
    [InlineData(3, "2 1", "3", "Version 3 is in quarantine; versions 2, 1 are served instead.")]
    [InlineData(3, "", "3", "Version 3 is in quarantine; nothing is served instead.")]
    [InlineData(2, "2", "2b", "Version 2 is in quarantine; version 2 as it was before is served instead.")]
    [InlineData(2, "2", "3", null)]
    [InlineData(3, "2", "", null)]
    [InlineData(null, "2", "3", null)]
    public void A_pin_to_a_version_in_quarantine_is_told_with_what_is_served_instead(int? pin, string published, string quarantine, string? says)
    {
        var wish = new ModelOverride(Pin: pin is { } number ? new ModelVersion(number) : null);
        var state = State((Fashion, Published(published) with { Quarantine = [.. quarantine.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new QuarantinedVersion(Desired(word), "bad"))] }));
        var model = Assert.Single(ModelReport.Models(state, ModelOverrides.None.With(Fashion, wish), []));
        Assert.Equal(says, model.PinObstacle);
        if (says is not null) Assert.Contains($"""fashion is pinned to version {pin} until "modelctl unpin fashion". {says}""", ModelWords.Of(model));

        var unloaded = ModelReport.Models(state, ModelOverrides.None.With(Fashion, wish with { Unload = true }), []);
        Assert.Null(Assert.Single(unloaded).PinObstacle);
    }

    [Fact]
    public void Watching_shows_each_version_with_its_part_and_when_all_is_done()
    {
        var models = ModelReport.Models(Rolling, Wishes, Replicas);
        Assert.Equal(
            ["fashion/4 candidate 1 1 serving, paused", "fashion/3 quarantined 0 Replica a rejected it: golden sample 0.", "fashion/2 wanted 2 1 loading, 1 serving, 1 unloaded", "fashion/1 fallback 0 -", "other/1 wanted 3 -"],
            WatchedVersion.Of(models).Select(version => $"{version.Model}/{version.Version} {version.Role} {version.Given} {version.Replicas}"));
        Assert.False(WatchedVersion.IsDone(models));

        var live = State((Fashion, Published("4", "2")));
        Assert.False(WatchedVersion.IsDone(ModelReport.Models(live, ModelOverrides.None, Replicas)));
        Assert.True(WatchedVersion.IsDone(ModelReport.Models(live, ModelOverrides.None, [Replicas[0], Replica("b", ("4", AckState.Serving))])));
    }

    private static string Numbers(IEnumerable<ModelVersion> versions) => string.Join(' ', versions);

    private static ReplicaStatus Replica(string id, params (string Version, AckState State)[] said) => new(id, true, 7, new Dictionary<ModelName, IReadOnlyDictionary<ModelVersion, VersionStatus>>
    {
        [Fashion] = said.ToDictionary(word => Desired(word.Version).Version, word => new VersionStatus(Desired(word.Version).Identity, word.State, 7)),
    });
}
