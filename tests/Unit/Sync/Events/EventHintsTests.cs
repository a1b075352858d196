using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Events;

namespace ModelPlatform.Tests.Unit.Sync.Events;

public sealed class EventHintsTests : IDisposable
{
    private static readonly TimeSpan Debounce = TimeSpan.FromSeconds(1);

    private readonly FakeTime _time = new();
    private readonly Signal _signal;
    private readonly EventHints _hints;

    public EventHintsTests()
    {
        _signal = new Signal(_time);
        _hints = new EventHints(_signal, Options.Create(new EventOptions { Debounce = Debounce }), _time);
    }

    [Fact]
    public async Task The_first_event_is_a_hint_at_once()
    {
        _hints.Raise();
        Assert.True(await RaisedAsync());
    }

    [Fact]
    public async Task A_burst_costs_two_looks()
    {
        var looks = 0;
        for (var i = 0; i < 1000; i++)
        {
            _hints.Raise();
            if (await RaisedAsync()) looks++;
        }
        Assert.Equal(1, looks);
        _time.Advance(Debounce);
        Assert.True(await RaisedAsync());
        _time.Advance(10 * Debounce);
        Assert.False(await RaisedAsync());
    }

    [Fact]
    public async Task A_stream_without_end_costs_one_look_in_each_such_time_and_starves_none()
    {
        var looks = 0;
        for (var i = 0; i < 200; i++)
        {
            _hints.Raise();
            if (await RaisedAsync()) looks++;
            _time.Advance(Debounce / 10);
        }
        Assert.InRange(looks, 19, 20);
    }

    [Fact]
    public async Task After_a_rest_an_event_is_a_hint_at_once_again()
    {
        _hints.Raise();
        await RaisedAsync();
        _time.Advance(Debounce);
        _hints.Raise();
        Assert.True(await RaisedAsync());
    }

    [Fact]
    public async Task Without_a_debounce_every_event_is_a_hint()
    {
        using var eager = new EventHints(_signal, Options.Create(new EventOptions { Debounce = TimeSpan.Zero }), _time);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            eager.Raise();
            Assert.True(await RaisedAsync());
        }
    }

    public void Dispose() => _hints.Dispose();

    // A hint that is there ends the wait before it begins; without one it is given up.
    private async Task<bool> RaisedAsync()
    {
        using var giveUp = new CancellationTokenSource();
        var wait = _signal.WaitAsync(TimeSpan.FromDays(1), giveUp.Token);
        if (wait.IsCompletedSuccessfully) return true;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        return false;
    }
}
