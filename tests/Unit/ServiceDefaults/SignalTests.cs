using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed class SignalTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);
    private readonly FakeTime _time = new();

    [Fact]
    public async Task Hints_before_the_wait_end_it_at_once_and_count_as_one()
    {
        var hint = new Signal(_time);
        hint.Raise();
        hint.Raise();
        await hint.WaitAsync(Tick, Cancelled);

        var second = hint.WaitAsync(Tick, Cancelled);
        Assert.False(second.IsCompleted);
        _time.Advance(Tick);
        await second;
    }

    [Fact]
    public async Task A_hint_after_a_tick_is_not_lost_in_the_wait_before()
    {
        var hint = new Signal(_time);
        var first = hint.WaitAsync(Tick, Cancelled);
        _time.Advance(Tick);
        await first;

        hint.Raise();
        await hint.WaitAsync(Tick, Cancelled);
    }

    [Fact]
    public async Task Stopping_ends_the_wait_as_a_cancellation()
    {
        using var stopping = new CancellationTokenSource();
        var wait = new Signal(_time).WaitAsync(Tick, stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;
}
