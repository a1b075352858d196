using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class PublicationTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_that_somebody_was_faster_with_is_refused_and_repeated_above_theirs()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var feed = new StateFeed();
        var publication = new StatePublication(new DesiredStateBlob(storage.Container), feed, Replicas, Leaders.Leading(), TimeProvider.System);
        var models = DesiredState.Empty.Models;

        var theirs = await StoreAsync(storage, generation: 41);
        Assert.False(await publication.TryPublishAsync(models, null, Cancelled));       // If-None-Match: there is one
        Assert.Null(feed.Current);
        await publication.RefreshAsync(theirs, Cancelled);
        Assert.True(await publication.TryPublishAsync(models, null, Cancelled));
        Assert.Equal(42, feed.Current!.Document.Generation);

        theirs = await StoreAsync(storage, generation: 77);
        Assert.False(await publication.TryPublishAsync(models, null, Cancelled));       // If-Match: another one
        await publication.RefreshAsync(theirs, Cancelled);
        Assert.True(await publication.TryPublishAsync(models, null, Cancelled));
        Assert.Equal(78, feed.Current.Document.Generation);
        Assert.True(publication.Stands);
    }

    [Fact]
    public async Task A_replica_that_holds_what_cannot_have_been_published_is_refused_and_publishing_goes_on()
    {
        var storage = azurite.NewStorage();
        await using (var sync = new SyncHost(storage))
        {
            await sync.IsHealthyAsync();
            using var answer = await sync.Client.GetAsync(new Uri($"{SyncRoutes.Watch}?replica=a&generation={DesiredState.MaxGeneration}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(
                $"'generation' is not a generation: a number, at most {DesiredState.MaxGeneration / 2}.",
                (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
            await storage.Container.PublishAsync("fashion/1");
            await sync.StateAsync("the first document", state => state.Generation == 1);
        }
        await using var next = new SyncHost(storage);
        await next.StateAsync("it can be read", state => state.Generation == 1);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_shortens_nothing_that_is_measured()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage, services: services => services.AddSingleton<TimeProvider>(new SlippingTime()));
        var meters = sync.Services.GetRequiredService<IMeterFactory>();
        var durations = new ConcurrentQueue<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "modelplatform.sync.publish.duration") listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => durations.Enqueue(value));
        listener.Start();
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await Eventually.IsTrueAsync("a publication", () => Task.FromResult(!durations.IsEmpty));
        Assert.All(durations, seconds => Assert.InRange(seconds, 0, 30));
    }

    [Fact]
    public async Task A_document_that_another_instance_writes_is_taken_over_and_corrected()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", _ => true);

        await StoreAsync(storage, generation: 41);
        var state = await sync.StateAsync("a generation above theirs", state => state.Generation > 41);
        Assert.True(state.Models.ContainsKey(Fashion));
    }

    [Fact]
    public async Task An_older_document_put_back_by_hand_does_not_turn_the_generation_back()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await StoreAsync(storage, generation: 41);
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("generation 42", state => state.Generation == 42);

        await StoreAsync(storage, generation: 5);
        var state = await sync.StateAsync("generation 43", state => state.Generation == 43);
        Assert.True(state.Models.ContainsKey(Fashion));
    }

    [Fact]
    public async Task A_restart_that_has_lost_the_document_goes_on_above_what_a_replica_holds()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage, services: services => services.Configure<DetectionOptions>(options => options.ListEvery = TimeSpan.FromHours(1)));
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await using var watch = sync.WatchAsync("a", generation: 41).GetAsyncEnumerator(Cancelled);
        while (await watch.MoveNextAsync() && watch.Current.EventType != SyncRoutes.StateEvent) { }
        Assert.Equal("42", watch.Current.EventId);
        Assert.Equal(42, (await sync.StateAsync())!.Generation);
    }

    [Fact]
    public async Task What_is_published_already_is_published_again_above_what_a_replica_holds()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        var before = await sync.StateAsync("the first document", _ => true);
        await using var watch = sync.WatchAsync("a", generation: 41).GetAsyncEnumerator(Cancelled);
        await watch.MoveNextAsync();
        var after = await sync.StateAsync("generation 42", state => state.Generation == 42);
        Assert.Equal((after with { Generation = before.Generation, Published = before.Published, Traceparent = before.Traceparent }).ToJson(), before.ToJson());
    }

    [Fact]
    public async Task A_restart_goes_on_from_the_stored_document()
    {
        var storage = azurite.NewStorage();
        await using (var first = new SyncHost(storage))
        {
            await first.IsHealthyAsync();
            await storage.Container.PublishAsync("fashion/1");
            await first.StateAsync("the first document", _ => true);
        }
        await using var second = new SyncHost(storage);
        var state = await second.StateAsync("the stored document", _ => true);
        await second.IsHealthyAsync();
        Assert.Equal(state.ToJson(), (await second.StateAsync())!.ToJson());
        Assert.Equal(1, state.Generation);
    }

    [Theory]
    [InlineData("""{ "schema": 2, "generation": 9, "published": "2027-01-01T00:00:00Z", "models": {} }""")]
    [InlineData("not json")]
    public async Task A_document_that_cannot_be_read_is_never_overwritten(string stored)
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await storage.Container.PutAsync(RepositoryLayout.DesiredState, stored);
        await storage.Container.PublishAsync("fashion/1");
        await using var sync = new SyncHost(storage);
        await Eventually.IsTrueAsync("a warning", () => Task.FromResult(sync.Logs.Warnings.Any(warning => warning.Contains("desired-state.json", StringComparison.Ordinal))));

        Assert.Equal("Unhealthy", await sync.HealthAsync());
        Assert.Equal(stored, (await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(Cancelled)).Value.Content.ToString());

        await storage.Container.DeleteBlobAsync(RepositoryLayout.DesiredState, cancellationToken: Cancelled);
        await sync.StateAsync("a document once it is gone", _ => true);
    }

    [Fact]
    public async Task The_state_is_served_with_its_generation_as_etag()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", _ => true);

        using var request = new HttpRequestMessage(HttpMethod.Get, SyncRoutes.State);
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"1\""));
        using var answer = await sync.Client.SendAsync(request, Cancelled);
        Assert.Equal((HttpStatusCode.NotModified, "\"1\""), (answer.StatusCode, answer.Headers.ETag?.Tag));
    }

    private static ReplicaRegistry Replicas => new(Microsoft.Extensions.Options.Options.Create(new ReplicaOptions()), TimeProvider.System);

    private static async Task<string> StoreAsync(Storage storage, long generation)
    {
        var document = DesiredState.Empty with { Generation = generation, Published = DateTimeOffset.UtcNow };
        var written = await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).UploadAsync(BinaryData.FromBytes(document.ToJson()), overwrite: true, Cancelled);
        return written.Value.ETag.ToString("H").Trim('"');
    }

    /// <summary>A clock that is set back by an hour each time somebody looks.</summary>
    private sealed class SlippingTime : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - TimeSpan.FromHours(Interlocked.Increment(ref _looks));
    }
}
