using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class ModelReloadTests
{
    private static readonly Identity Version = Identity.OfManifest([1]);
    private readonly FakeTime _time = new();

    [Fact]
    public void A_retry_that_is_due_and_that_no_plan_took_up_does_not_wake_the_loop_for_ever()
    {
        var model = new ModelReload(_time);
        var wait = model.Retry(Version, new ReloadOptions());
        Assert.Contains(Version, model.Progress([]).Waiting);
        Assert.InRange(model.NextTry()!.Value, wait / 2, wait);

        _time.Advance(wait + TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, model.NextTry());
        Assert.Empty(model.Progress([]).Waiting);
        Assert.Null(model.NextTry());
    }
}
