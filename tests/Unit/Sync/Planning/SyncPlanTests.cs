using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Planning;

public sealed class SyncPlanTests
{
    // committed in the repository; published versions; published fallback; once served by a replica → wanted; fallback ("=" where nothing is published)
    [Theory]
    [InlineData("1", "", "", "", "1", "")]
    [InlineData("1", "1", "", "", "=", "")]
    [InlineData("1", "1", "", "1", "=", "")]
    [InlineData("1 2", "1", "", "", "2", "")]               // nobody said that 1 is good
    [InlineData("1 2", "1", "", "1", "2", "1")]
    [InlineData("1 2", "2", "1", "", "=", "")]              // 1 was good before a restart
    [InlineData("1 2 3", "2", "1", "1", "3", "1")]          // 2 was never served
    [InlineData("1 2 3", "2", "1", "1 2", "3", "2")]
    [InlineData("1 2 3", "3", "2", "1", "=", "")]           // the newer fallback is kept
    [InlineData("2 3", "3", "1", "", "3", "")]              // the fallback's blobs are gone
    [InlineData("1 3", "3", "2", "1", "3", "1")]            // another known good one takes its place
    [InlineData("1 2b", "2", "1", "1 2", "2b", "1")]        // overwritten: a new identity, not known good
    [InlineData("1b 2", "2", "1", "1", "2", "")]            // the fallback was overwritten
    [InlineData("1", "2", "1", "1 2", "1", "")]             // 2 was withdrawn
    [InlineData("", "2", "1", "1 2", "=", "")]              // blobs, but nothing complete: published stays
    [InlineData("2 10", "2", "", "2", "10", "2")]           // numbers, not text
    public void The_latest_is_wanted_and_the_last_good_one_is_the_fallback(
        string committed, string published, string fallback, string known, string wanted, string nextFallback)
    {
        var state = published.Length == 0 ? null : State((Fashion, Published(published, fallback)));
        var next = News(Holding((Fashion, Model(committed))), state, Known(known));

        if (wanted == "=") Assert.Null(next);
        else Assert.Equal((wanted, nextFallback), (Text(next![Fashion].Versions), Text(next[Fashion].Fallback)));
    }

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, "")]         // of the first version nothing shows that it was ever served
    public void What_was_served_before_a_rollout_is_the_fallback_after_it_though_no_replica_says_so_any_more(bool wasServed, string fallback)
    {
        var running = Published("1", signature: wasServed ? Tensors : null) with { Candidate = new Candidate([Desired("2")], 7) };
        Assert.Equal(fallback, Text(SyncPlan.Goals(Holding((Fashion, Model("1 2"))), State((Fashion, running)), Known("2"))![Fashion].Fallback));
    }

    // pin; published, its fallback, what a rollout brings in; known good → wanted, its fallback
    [Theory]
    [InlineData(2, "2", "1", "3", "1 2 3", "2", "1")]       // back from a rollout: what it had brought in is no way forth
    [InlineData(0, "2", "1", "3", "1 2 3", "4", "2")]       // overtaken: back is what was served, not what was being proved
    [InlineData(0, "4", "2", "", "1 2 3", "4", "2")]
    [InlineData(1, "4", "2", "", "1 2 4", "1", "4")]
    public void The_fallback_is_what_was_served_last(int pin, string published, string fallback, string candidate, string known, string wanted, string next)
    {
        var running = Published(published, fallback, Tensors) with { Candidate = candidate.Length == 0 ? null : new Candidate(Published(candidate).Versions, 7) };
        var seen = Holding((Fashion, Model("1 2 3 4")));
        if (pin > 0) seen = seen with { Wishes = ModelOverrides.None.With(Fashion, new ModelOverride(Pin: new(pin))) };
        var goal = SyncPlan.Goals(seen, State((Fashion, running)), Known(known))![Fashion];
        Assert.Equal((wanted, next), (Text(goal.Versions), Text(goal.Fallback)));
    }

    [Fact]
    public void A_rollout_that_goes_on_without_a_policy_ends_with_what_was_served_as_fallback()
    {
        var running = Published("2", "1", Tensors) with { Candidate = new Candidate([Desired("3")], 7) };
        foreach (var seen in new[] { Holding((Fashion, WithoutPolicy("1 2 3"))), Holding() })
        {
            var goal = SyncPlan.Goals(seen, State((Fashion, running)), Known("1 2"))![Fashion];
            Assert.Equal(("3", "2"), (Text(goal.Versions), Text(goal.Fallback)));
        }
    }

    [Fact]
    public void Several_latest_versions_are_wanted_highest_first_with_a_fallback_below_them()
    {
        var next = News(Holding((Fashion, Model("1 2 3 4", Latest(2)))), null, Known("2 3 4"));
        Assert.Equal(("4 3", "2"), (Text(next![Fashion].Versions), Text(next[Fashion].Fallback)));
    }

    [Fact]
    public void All_versions_are_wanted_highest_first_and_none_is_left_as_fallback()
    {
        var next = News(Holding((Fashion, Model("1 10 2", All))), State((Fashion, Published("2", "1"))), Known("1 2"));
        Assert.Equal(("10 2 1", ""), (Text(next![Fashion].Versions), Text(next[Fashion].Fallback)));
    }

    [Fact]
    public void Each_model_follows_its_own_policy()
    {
        var next = News(Holding((Fashion, Model("1 2 3", Latest(2))), (Other, Model("1 2 3", Only(1, 3)))), null, Known(""));
        Assert.Equal(("3 2", "3 1"), (Text(next![Fashion].Versions), Text(next[Other].Versions)));
    }

    [Fact]
    public void A_policy_that_changes_is_news_though_no_version_does()
    {
        var published = State((Fashion, Published("3", "2")));
        Assert.Null(News(Holding((Fashion, Model("1 2 3"))), published, Known("2")));
        Assert.Equal("3 2 1", Text(News(Holding((Fashion, Model("1 2 3", All))), published, Known("2"))![Fashion].Versions));
        Assert.Equal("3", Text(News(Holding((Fashion, Model("1 2 3"))), State((Fashion, Published("3 2 1"))), Known("2"))![Fashion].Versions));
    }

    [Fact]
    public void A_pinned_older_version_has_the_newer_good_one_as_fallback()
    {
        var next = News(Holding((Fashion, Model("1 2", Only(1)))), State((Fashion, Published("2", "1"))), Known("2"));
        Assert.Equal(("1", "2"), (Text(next![Fashion].Versions), Text(next[Fashion].Fallback)));
    }

    [Fact]
    public void A_pin_on_a_version_that_is_not_there_changes_nothing() =>
        Assert.Null(News(Holding((Fashion, Model("1 2", Only(9)))), State((Fashion, Published("2", "1"))), Known("")));

    [Fact]
    public void A_serving_json_that_cannot_be_read_changes_nothing() =>
        Assert.Null(News(Holding((Fashion, WithoutPolicy("1 2 3"))), State((Fashion, Published("2", "1"))), Known("")));

    [Fact]
    public void A_model_with_an_unreadable_serving_json_is_not_begun() =>
        Assert.Null(News(Holding((Fashion, WithoutPolicy("1"))), null, Known("")));

    [Fact]
    public void A_model_without_blobs_is_dropped_while_others_exist()
    {
        var next = News(Holding((Other, Model("1"))), State((Fashion, Published("2")), (Other, Published("1"))), Known(""));
        Assert.Equal(Other, Assert.Single(next!).Key);
    }

    [Fact]
    public void An_empty_repository_never_unloads() => Assert.Null(News(Holding(), State((Fashion, Published("2"))), Known("2")));

    [Fact]
    public void The_last_published_model_stays_even_when_another_one_is_only_being_uploaded() =>
        Assert.Null(News(Holding((Other, Model(""))), State((Fashion, Published("2"))), Known("2")));

    [Fact]
    public void An_empty_repository_is_not_worth_a_first_document() => Assert.Null(News(Holding((Fashion, Model(""))), null, Known("")));

    [Fact]
    public void A_good_version_of_another_model_is_no_fallback()
    {
        var known = new Dictionary<GoodVersion, ModelSignature?> { [Good("1", Other)] = null };
        Assert.Empty(News(Holding((Fashion, Model("1 2"))), null, known)![Fashion].Fallback);
    }

    [Fact]
    public void A_blob_that_was_written_again_is_published_again_although_the_identity_stays()
    {
        var seen = Version("1");
        var rewritten = seen with { Desired = seen.Desired with { Files = seen.Desired.Files.ToDictionary(file => file.Key, file => file.Value with { Etag = "new" }) } };
        var next = News(Holding((Fashion, new ModelSnapshot(ServingPolicy.Default, [rewritten]))), State((Fashion, Published("1"))), Known(""));
        Assert.Equal("new", Assert.Single(next![Fashion].Versions[0].Files).Value.Etag);
    }

    [Fact]
    public void A_plan_that_is_published_as_it_is_leaves_nothing_to_do()
    {
        var seen = Holding((Fashion, Model("1 2")), (Other, Model("3", Latest(2))));
        var known = Known("1 2", Pictures);
        var published = DesiredState.Parse((DesiredState.Empty with { Generation = 1, Models = News(seen, null, known)! }).ToJson());
        Assert.Null(News(seen, published, known));
    }

    [Fact]
    public void The_transition_comes_from_serving_json()
    {
        var next = News(Holding((Fashion, Model("1", new ServingPolicy { Transition = Transition.Memory }))), State((Fashion, Published("1"))), Known(""));
        Assert.Equal(Transition.Memory, next![Fashion].Transition);
    }
}
