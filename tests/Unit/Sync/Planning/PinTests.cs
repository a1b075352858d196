using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Planning;

/// <summary>A pin stands above serving.json, and changes nothing while its version is not there.</summary>
public sealed class PinTests
{
    // committed; pinned to; published and its fallback; known good → wanted next, then its fallback; "=" where nothing is published
    [Theory]
    [InlineData("1 2 3", 2, "3", "", "", "2", "")]
    [InlineData("1 2 3", 2, "3", "2", "2 3", "2", "3")]       // back, and forth again if it must be
    [InlineData("1 2 3", 2, "2", "3", "2 3", "=", "")]
    [InlineData("1 2 3 4", 2, "2", "3", "2 3", "=", "")]      // what is published meanwhile waits
    [InlineData("1 2", 3, "2", "1", "1 2", "=", "")]          // not there: nothing changes
    [InlineData("1 3", 2, "2", "1", "1 2", "=", "")]          // not there any more: the same
    [InlineData("1 2", 3, "", "", "", "=", "")]
    public void A_pin_takes_the_place_of_the_policy(string committed, int pin, string published, string fallback, string known, string versions, string next)
    {
        var state = published.Length == 0 ? State() : State((Fashion, Published(published, fallback)));
        var models = News(Pinned(Model(committed), pin), state, Known(known));
        Assert.Equal((versions, next), models is null ? ("=", "") : (Text(models[Fashion].Versions), Text(models[Fashion].Fallback)));
    }

    [Fact]
    public void It_holds_whatever_serving_json_says_and_where_that_is_invalid()
    {
        var policy = Only(3) with { Transition = Transition.Memory };
        var next = News(Pinned(Model("1 2 3", policy), 1), State((Fashion, Published("3"))), Known(""))![Fashion];
        Assert.Equal(("1", Transition.Memory), (Text(next.Versions), next.Transition));

        var unknown = News(Pinned(WithoutPolicy("1 2 3"), 1), State((Fashion, Published("3") with { Transition = Transition.Memory })), Known(""))![Fashion];
        Assert.Equal(("1", Transition.Memory), (Text(unknown.Versions), unknown.Transition));
    }

    [Fact]
    public void A_model_that_is_unloaded_stays_so_whatever_it_is_pinned_to()
    {
        var seen = Holding((Fashion, Model("1 2"))) with { Wishes = ModelOverrides.None.With(Fashion, new ModelOverride(Unload: true, Pin: new(1))) };
        Assert.Empty(News(seen, State((Fashion, Published("2"))), Known(""))!);
    }

    private static ModelPlatform.Sync.Detection.RepositorySnapshot Pinned(ModelPlatform.Sync.Detection.ModelSnapshot model, int pin) =>
        Holding((Fashion, model)) with { Wishes = ModelOverrides.None.With(Fashion, new ModelOverride(Pin: new(pin))) };
}
