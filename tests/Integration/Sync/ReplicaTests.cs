using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class ReplicaTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");
    private static readonly ModelSignature Signature = new([new("image", "FP32", 4)], [new("scores", "FP32", 2)]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_gets_the_document_at_once_and_every_new_generation()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await using var early = sync.WatchAsync("early").GetAsyncEnumerator(Cancelled);
        Assert.Equal("heartbeat", (await NextAsync(early)).EventType);

        await storage.Container.PublishAsync("fashion/1");
        Assert.Equal(1, Document(await NextAsync(early)).Generation);

        await using var late = sync.WatchAsync("late").GetAsyncEnumerator(Cancelled);
        Assert.Equal(1, Document(await NextAsync(late)).Generation);

        await storage.Container.PublishAsync("fashion/2");
        foreach (var watch in (IAsyncEnumerator<SseItem<string>>[])[early, late])
        {
            var state = await NextAsync(watch);
            Assert.Equal(("state", "2"), (state.EventType, state.EventId));
            Assert.Equal(2, Document(state).Models[Fashion].Versions.Single().Version.Number);
        }
    }

    [Fact]
    public async Task A_document_too_large_for_an_event_is_announced_by_its_etag()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        foreach (var i in Enumerable.Range(1, 220)) await storage.Container.PublishAsync($"a-model-with-a-rather-long-name-{i}/1");
        var state = await sync.StateAsync("all models", state => state.Models.Count == 220);

        await using var watch = sync.WatchAsync("a").GetAsyncEnumerator(Cancelled);
        var pointer = WatchPointer.Find(Encoding.UTF8.GetBytes((await NextAsync(watch)).Data))!;
        var stored = await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(Cancelled);
        Assert.Equal((state.Generation, stored.Value.Details.ETag.ToString("H").Trim('"')), (pointer.Generation, pointer.Etag));
    }

    [Fact]
    public async Task Acks_are_shown_until_the_replica_is_gone()
    {
        const string Reason = "Golden sample 'golden/sneaker.png' gave 'Bag' with 0.912; 'Sneaker' with at least 0.600 is wanted.";
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await using (var watch = sync.WatchAsync("a").GetAsyncEnumerator(Cancelled))
        {
            await NextAsync(watch);
            Assert.Equal(HttpStatusCode.NoContent, (await sync.AcknowledgeAsync("a", Ack(2, AckState.Rejected) with { Reason = Reason })).StatusCode);

            var replica = Assert.Single(await sync.ReplicasAsync());
            Assert.Equal(("a", true, "http://127.0.0.1:5080", 7), (replica.Id, replica.Connected, replica.Address, replica.Pid));
            var shown = replica.Models[Fashion][new ModelVersion(2)];
            Assert.Equal((AckState.Rejected, Reason), (shown.State, shown.Reason));
            Assert.Contains(Reason, Assert.Single(sync.Logs.Warnings), StringComparison.Ordinal);
        }
        await Eventually.IsTrueAsync("the replica gone", async () => (await sync.ReplicasAsync()).Count == 0);
    }

    [Fact]
    public async Task A_served_version_gives_the_signature_and_becomes_the_fallback_of_the_next()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        var first = await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", _ => true);
        await sync.AcknowledgeAsync("a", Ack(1, AckState.Serving) with { Identity = first, Signature = Signature });
        var signed = await sync.StateAsync("the signature", state => state.Models[Fashion].Signature is not null);
        Assert.Null(signed.Models[Fashion].Signature!.DifferenceTo(Signature));

        await storage.Container.PublishAsync("fashion/2");
        var second = await sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);
        Assert.Equal(first, Assert.Single(second.Models[Fashion].Fallback).Identity);
    }

    [Fact]
    public async Task An_ack_that_matters_is_acted_on_before_the_next_listing_is_due()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        var first = await storage.Container.PublishAsync("fashion/1");
        await using var sync = new SyncHost(storage, services: services => services.Configure<DetectionOptions>(options => options.ListEvery = TimeSpan.FromHours(1)));
        await sync.StateAsync("the first document", _ => true);
        await sync.AcknowledgeAsync("a", Ack(1, AckState.Serving) with { Identity = first, Signature = Signature });
        await sync.StateAsync("the signature", state => state.Models[Fashion].Signature is not null);
    }

    [Fact]
    public async Task The_fallback_survives_a_restart()
    {
        var storage = azurite.NewStorage();
        Identity first;
        await using (var sync = new SyncHost(storage))
        {
            await sync.IsHealthyAsync();
            first = await storage.Container.PublishAsync("fashion/1");
            await sync.StateAsync("the first document", _ => true);
            await sync.AcknowledgeAsync("a", Ack(1, AckState.Serving) with { Identity = first });
            await storage.Container.PublishAsync("fashion/2");
            await sync.StateAsync("version 2", state => state.Models[Fashion].Fallback.Count == 1);
        }
        await using var again = new SyncHost(storage);
        await storage.Container.PublishAsync("fashion/3");
        var third = await again.StateAsync("version 3", state => state.Models[Fashion].Versions.Single().Version.Number == 3);
        Assert.Equal(first, Assert.Single(third.Models[Fashion].Fallback).Identity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "generation": 1, "generation": 2 }""")]
    [InlineData("""{ "generation": 1, "model": "../x", "version": "1", "identity": "sha256:0", "state": "serving" }""")]
    [InlineData("""{ "generation": 1, "model": "m", "version": "1", "identity": "sha256:0", "state": 1 }""")]
    public async Task A_malformed_ack_is_400_with_the_reason(string json)
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var answer = await sync.AcknowledgeAsync("a", json);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("ack: ", (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error, StringComparison.Ordinal);
        Assert.Empty(await sync.ReplicasAsync());
    }

    [Fact]
    public async Task Hostile_calls_are_refused()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        Assert.Equal(HttpStatusCode.BadRequest, (await sync.AcknowledgeAsync("a b", Ack(1, AckState.Serving))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await sync.AcknowledgeAsync(new string('a', 129), Ack(1, AckState.Serving))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await sync.AcknowledgeAsync("a", new string(' ', 300_000))).StatusCode);
        using var watch = await sync.Client.GetAsync(new Uri("/v1/state/watch", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, watch.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v1/state/watch?replica=a", null)]
    [InlineData("GET", "/v1/state/watch?replica=a", "wrong")]
    [InlineData("POST", "/v1/replicas/a/acks", null)]
    [InlineData("POST", "/v1/replicas/a/acks", "wrong")]
    public async Task Without_the_platform_key_it_is_401(string method, string path, string? key)
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        sync.Client.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
        using var answer = await sync.Client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("The platform key is missing or wrong.", (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
    }

    private static ReplicaAck Ack(long version, AckState state) => new()
    {
        Generation = 1,
        Model = Fashion,
        Version = new ModelVersion(version),
        Identity = Identity.OfManifest("some content"u8),
        State = state,
    };

    private static DesiredState Document(SseItem<string> state) => DesiredState.Parse(Encoding.UTF8.GetBytes(state.Data));

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled));
        return watch.Current;
    }
}
