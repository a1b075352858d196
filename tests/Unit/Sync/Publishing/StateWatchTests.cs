using System.Net.ServerSentEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Tests.Unit.Sync.Planning;
using ModelPlatform.Tests.Unit.Sync.Replicas;

namespace ModelPlatform.Tests.Unit.Sync.Publishing;

public sealed class StateWatchTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly StateFeed _feed = new();
    private readonly ReplicaRegistry _registry;
    private readonly CancellationTokenSource _term = new();

    public StateWatchTests() => _registry = Acks.Registry(_time);

    [Fact]
    public async Task The_document_comes_at_once()
    {
        _feed.Publish(State(3));
        await using var events = Watch();
        var first = await NextAsync(events);
        Assert.Equal(("state", "3"), (first.EventType, first.EventId));
        Assert.Equal(3, DesiredState.Parse(System.Text.Encoding.UTF8.GetBytes(first.Data)).Generation);
    }

    [Fact]
    public async Task Without_a_document_a_heartbeat_opens_the_stream()
    {
        await using var events = Watch();
        Assert.Equal("heartbeat", (await NextAsync(events)).EventType);

        var next = NextAsync(events);
        _feed.Publish(State(1));
        Assert.Equal("1", (await next).EventId);
    }

    [Fact]
    public async Task A_slow_reader_gets_the_newest_and_not_the_ones_between()
    {
        _feed.Publish(State(1));
        await using var events = Watch();
        await NextAsync(events);
        _feed.Publish(State(2));
        _feed.Publish(State(3));
        Assert.Equal("3", (await NextAsync(events)).EventId);
    }

    [Fact]
    public async Task A_quiet_stream_has_heartbeats()
    {
        _feed.Publish(State(1));
        await using var events = Watch();
        await NextAsync(events);
        var next = NextAsync(events);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("heartbeat", (await next).EventType);
    }

    [Fact]
    public async Task When_the_term_ends_the_stream_ends_by_itself_and_the_replica_is_disconnected()
    {
        await using var events = Watch();
        await NextAsync(events);
        Assert.Equal(1, _registry.Connected);
        var next = events.MoveNextAsync();
        await _term.CancelAsync();
        Assert.False(await next);
        Assert.Equal(0, _registry.Connected);
    }

    [Fact]
    public async Task Watches_that_are_not_named_get_the_same_bytes()
    {
        _feed.Publish(State(1));
        var watch = NewWatch();
        await using var one = Follow(watch);
        await using var other = Follow(watch);
        await one.MoveNextAsync();
        await other.MoveNextAsync();
        Assert.Same(one.Current, other.Current);
        Assert.StartsWith("event: state\ndata: {\"schema\":1,", System.Text.Encoding.UTF8.GetString(one.Current.Bytes.Span), StringComparison.Ordinal);
        Assert.EndsWith("\nid: 1\n\n", System.Text.Encoding.UTF8.GetString(one.Current.Bytes.Span), StringComparison.Ordinal);
    }

    public void Dispose() => _term.Dispose();

    private StateWatch NewWatch() => new(_feed, Options.Create(new ReplicaOptions()), _time, NullLogger<StateWatch>.Instance);

    private IAsyncEnumerator<WatchEvent> Watch() => Follow(NewWatch());

    private IAsyncEnumerator<WatchEvent> Follow(StateWatch watch) =>
        watch.EventsAsync(_registry.Connect(Acks.Watch("a"))!, _term.Token, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<WatchEvent> events) =>
        await events.MoveNextAsync() ? events.Current.Item : throw new InvalidOperationException("The stream has ended.");

    private static PublishedState State(long generation)
    {
        var document = Offers.State((Offers.Fashion, Offers.Published("1"))) with { Generation = generation };
        return new PublishedState(document, document.ToJson(), $"etag-{generation}");
    }
}
