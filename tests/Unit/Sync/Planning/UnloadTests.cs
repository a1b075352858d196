using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Planning;

/// <summary>What operators unload is left out of the document, and only that may empty it.</summary>
public sealed class UnloadTests
{
    // models with a committed version; in the published document ("none" where there is no document); unloaded by an operator
    // → in the next document, "=" where nothing is published and "nothing" where the document is empty
    [Theory]
    [InlineData("fashion other", "fashion other", "", "=")]
    [InlineData("fashion other", "fashion other", "fashion", "other")]
    [InlineData("fashion other", "other", "fashion", "=")]
    [InlineData("fashion other", "other", "", "fashion other")]                  // taken back
    [InlineData("fashion", "fashion", "fashion", "nothing")]                     // the last model goes by a wish
    [InlineData("fashion", "nothing", "fashion", "=")]
    [InlineData("fashion", "nothing", "", "fashion")]
    [InlineData("fashion other", "fashion other", "fashion other", "nothing")]
    [InlineData("fashion", "fashion", "other", "=")]                             // a wish for a model that is not there
    [InlineData("", "fashion", "", "=")]                                         // an empty listing alone never does
    [InlineData("", "fashion", "fashion", "nothing")]                            // its blobs went first
    [InlineData("", "fashion other", "fashion", "other")]                        // an empty listing beside a wish
    [InlineData("fashion", "fashion other", "fashion", "other")]                 // the other one's blobs are gone: nobody wished that
    [InlineData("other", "fashion other", "fashion", "other")]
    [InlineData("fashion other", "none", "fashion", "other")]                    // a restart that has lost the document
    [InlineData("fashion", "none", "fashion", "nothing")]                        // the same: replicas may serve it still
    [InlineData("fashion", "none", "", "fashion")]
    [InlineData("", "none", "fashion", "=")]                                     // nothing is there, nothing was
    [InlineData("", "none", "", "=")]
    public void Only_a_wish_unloads(string committed, string published, string unloaded, string next)
    {
        var state = published == "none" ? null : State([.. Names(published).Select(name => (name, Published("1")))]);
        var seen = Holding([.. Names(committed).Select(name => (name, Model("1")))]).Unloading([.. Names(unloaded)]);
        Assert.Equal(next, Text(News(seen, state, Known(""))));
    }

    [Theory]
    [InlineData("fashion", "none")]
    [InlineData("fashion", "other")]
    [InlineData("fashion other", "fashion")]
    [InlineData("", "fashion")]
    public void Wishes_that_cannot_be_read_change_nothing(string committed, string published)
    {
        var state = published == "none" ? null : State([.. Names(published).Select(name => (name, Published("1")))]);
        var seen = Holding([.. Names(committed).Select(name => (name, Model("1 2")))]) with { Wishes = null };
        Assert.Null(News(seen, state, Known("1")));
    }

    [Fact]
    public void A_model_that_is_only_being_uploaded_does_not_bring_others_back()
    {
        var seen = Holding((Fashion, Model("1")), (Other, Model(""))).Unloading(Fashion);
        Assert.Empty(News(seen, State((Fashion, Published("1"))), Known(""))!);
    }

    // what is published of the model, "2 q3" where 3 is quarantined; committed; whether it is unloaded → the next; "-" where the model is absent
    [Theory]
    [InlineData("2 q3", "2 3", true, " q3")]
    [InlineData(" q3", "2 3", true, "=")]
    [InlineData(" q3", "2 3", false, "2 q3")]
    [InlineData(" q3", "2 3 4", false, "4 q3")]
    [InlineData("2 q3", "2 3b", true, "-")]           // its blobs have changed: what was held against it is void
    [InlineData(" q3", "2 3b", false, "3b q")]
    [InlineData("2 q3", "", true, " q3")]             // an empty listing says nothing
    [InlineData(" q3", "", true, "=")]
    public void What_is_quarantined_stays_so_while_the_model_is_unloaded(string published, string committed, bool isUnloaded, string next)
    {
        var seen = (committed.Length == 0 ? Holding() : Holding((Fashion, Model(committed)))).Unloading(isUnloaded ? [Fashion] : []);
        var news = News(seen, State((Fashion, Held(published))), Known(""));
        Assert.Equal(next, news is null ? "=" : news.GetValueOrDefault(Fashion) is { } model ? Offers.Text(model.Versions) + " q" + Offers.Text(model.Quarantine.Select(held => held.Version)) : "-");
    }

    [Fact]
    public void Models_that_have_only_a_quarantine_do_not_make_the_others_go()
    {
        var next = News(Holding((Fashion, Model("2 3"))).Unloading(Fashion), State((Fashion, Held("2 q3")), (Other, Published("1"))), Known(""));
        Assert.Equal(("", "1"), (Offers.Text(next![Fashion].Versions), Offers.Text(next[Other].Versions)));
    }

    [Fact]
    public void No_replica_gets_a_model_that_has_only_a_quarantine()
    {
        var state = State((Fashion, Held(" q3")), (Other, Published("1")));
        Assert.Equal([Other], state.For(ReplicaId.Parse("a")).Models.Keys);
    }

    [Fact]
    public void A_model_that_comes_back_has_the_signature_and_the_fallback_that_replicas_told()
    {
        var next = News(Holding((Fashion, Model("1 2"))), State(), Known("1 2", Pictures))![Fashion];
        Assert.Equal(("2", "1", Pictures), (Offers.Text(next.Versions), Offers.Text(next.Fallback), next.Signature));
    }

    private static DesiredModel Held(string words)
    {
        var (versions, quarantined) = (words.Split(" q")[0], words.Split(" q")[1]);
        return Published(versions) with { Quarantine = [.. Published(quarantined).Versions.Select(version => new QuarantinedVersion(version, "It is bad."))] };
    }

    private static IEnumerable<ModelName> Names(string words) => words.Split(' ').Where(word => word is not ("" or "nothing")).Select(word => ModelName.Parse(word));

    private static string Text(IReadOnlyDictionary<ModelName, DesiredModel>? models) =>
        models is null ? "=" : models.Count == 0 ? "nothing" : string.Join(' ', models.Keys);
}
