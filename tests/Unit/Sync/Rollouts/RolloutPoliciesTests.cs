using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Rollouts;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Rollouts;

public sealed class RolloutPoliciesTests
{
    private static readonly RolloutPlan Careful = new(AtOnce: 1) { Bake = TimeSpan.FromMinutes(30) };
    private static readonly DesiredModel Running = Published("1") with { Candidate = new Candidate([Desired("2")], 8) };

    private readonly RolloutPolicies _policies = new();

    [Fact]
    public void Whatever_cannot_be_read_any_more_holds_as_it_was_read_last()
    {
        var seen = Model("1 2", new ServingPolicy { Rollout = Careful });
        Assert.Equal((Careful, false), _policies.Look(Fashion, seen, Running));
        Assert.Equal((Careful, false), _policies.Look(Fashion, WithoutPolicy("1 2"), Running));
        Assert.Equal((Careful, false), _policies.Look(Fashion, WithoutPolicy("1 2"), Published("1")));
    }

    [Fact]
    public void A_model_of_which_nothing_can_be_seen_waits_and_goes_on_as_before()
    {
        _policies.Look(Fashion, Model("1 2", new ServingPolicy { Rollout = Careful }), Running);
        foreach (var nothing in new ModelSnapshot?[] { null, Model("") with { Policy = null } })
            Assert.Equal((Careful, true), _policies.Look(Fashion, nothing, Running));
        Assert.Equal((Careful, false), _policies.Look(Fashion, WithoutPolicy("1 2"), Running));
    }

    [Fact]
    public void One_who_takes_over_and_cannot_read_it_waits_and_loses_patience_with_nobody()
    {
        var (plan, isToWait) = _policies.Look(Fashion, WithoutPolicy("1 2"), Running);
        Assert.True(isToWait);
        Assert.Equal(TimeSpan.MaxValue, plan.Timeout);
    }

    [Fact]
    public void What_is_pinned_begins_also_without_it_and_goes_on_so()
    {
        Assert.Equal((new RolloutPlan(), false), _policies.Look(Fashion, WithoutPolicy("1 2"), Published("1")));
        Assert.Equal((new RolloutPlan(), false), _policies.Look(Fashion, WithoutPolicy("1 2"), Running));
    }
}
