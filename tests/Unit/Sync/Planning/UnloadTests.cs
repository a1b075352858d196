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

    [Fact]
    public void A_model_that_comes_back_has_the_signature_and_the_fallback_that_replicas_told()
    {
        var next = News(Holding((Fashion, Model("1 2"))), State(), Known("1 2", Pictures))![Fashion];
        Assert.Equal(("2", "1", Pictures), (Offers.Text(next.Versions), Offers.Text(next.Fallback), next.Signature));
    }

    private static IEnumerable<ModelName> Names(string words) => words.Split(' ').Where(word => word is not ("" or "nothing")).Select(word => ModelName.Parse(word));

    private static string Text(IReadOnlyDictionary<ModelName, DesiredModel>? models) =>
        models is null ? "=" : models.Count == 0 ? "nothing" : string.Join(' ', models.Keys);
}
