using System.Net;
using Azure.Messaging.EventGrid;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Integration.Sync.Events;

/// <summary>What Event Grid does to ModelSync.</summary>
public sealed class EventTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_makes_a_change_known_long_before_the_next_listing_is_due()
    {
        await using var events = await EventHost.StartAsync(_storage);
        await _storage.Container.PublishAsync("fashion/1");
        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync(events.Changed("fashion/1/model.json"))).StatusCode);
        await events.Sync.StateAsync("version 1", state => state.Models.ContainsKey(Fashion));
        Assert.Equal(1, events.Events("followed"));
        await Eventually.IsTrueAsync("the delay is measured", () => Task.FromResult(events.Sum("modelplatform.sync.event.delay") == 1));

        await _storage.Container.PublishAsync("fashion/2");
        var cloud = BinaryData.FromObjectAsJson(events.CloudChanged("fashion/2/model.json")).ToString();
        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync(cloud, "application/cloudevents+json")).StatusCode);
        await events.Sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);

        await _storage.Container.PublishAsync("fashion/3");
        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync($"[{cloud}]", "application/cloudevents-batch+json")).StatusCode);
        await events.Sync.StateAsync("version 3", state => state.Models[Fashion].Versions.Single().Version.Number == 3);
    }

    [Fact]
    public async Task Of_the_platforms_own_blobs_and_of_other_containers_nothing_is_listed()
    {
        await using var events = await EventHost.StartAsync(_storage);
        var other = new EventGridEvent("/blobServices/default/containers/other/blobs/fashion/1/model.json", "Microsoft.Storage.BlobCreated", "", new { });
        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync(
            events.Changed(".platform/desired-state.json"), events.Changed(".platform/leader"), events.Changed("fashion/1/model.json", "Microsoft.Storage.BlobTierChanged"), other)).StatusCode);
        Assert.Equal((4, 0), (events.Events("ignored"), events.Events("followed")));

        // Had any of them been a hint, there would be two listings.
        await events.PostAsync(events.Changed("fashion/1/model.json"));
        await events.ListedAsync(1);
        await events.PostAsync(events.Changed(".platform/overrides.json"));
        await events.ListedAsync(2);
        Assert.Equal(2, events.Listings);
    }

    [Fact]
    public async Task A_thousand_duplicates_in_any_order_cost_few_listings()
    {
        await using var events = await EventHost.StartAsync(_storage, settings: ("Events:Debounce", "00:00:01"));
        await _storage.Container.PublishAsync("fashion/1");
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), Cancelled, async (i, _) =>
        {
            var batch = Enumerable.Range(0, 10).Select(j => events.Changed((i + j) % 2 == 0 ? "fashion/1/model.json" : "fashion/1/model.onnx")).ToArray();
            Assert.Equal(HttpStatusCode.OK, (await events.PostAsync(batch)).StatusCode);
        });
        await events.Sync.StateAsync("version 1", state => state.Models.ContainsKey(Fashion));
        Assert.Equal(1000, events.Events("followed"));
        await events.ListedAsync(2);
        // The first at once, the others together a second later; more only where posting them takes seconds.
        TestContext.Current.TestOutputHelper?.WriteLine($"{events.Listings} listings for 1000 events");
        Assert.InRange(events.Listings, 1, 10);
    }

    [Fact]
    public async Task Event_grids_own_handshake_is_answered_with_its_code()
    {
        await using var events = await EventHost.StartAsync(_storage);
        var handshake = new EventGridEvent("", "Microsoft.EventGrid.SubscriptionValidationEvent", "2", new { validationCode = "512d38b6-c7b8", validationUrl = "http://127.0.0.1:1/never/asked" });
        using var answer = await events.PostAsync(BinaryData.FromObjectAsJson(new[] { handshake }).ToString(), key: null, query: $"?key={SyncHost.Key}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"validationResponse":"512d38b6-c7b8"}""", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(0, events.Listings);
    }

    [Fact]
    public async Task The_handshake_of_cloud_events_is_consented_to()
    {
        await using var events = await EventHost.StartAsync(_storage);
        using var answer = await events.SendAsync(HttpMethod.Options, null, $"?key={SyncHost.Key}", null,
            ("WebHook-Request-Origin", "eventgrid.azure.net"), ("WebHook-Request-Callback", "http://127.0.0.1:1/never/asked"), ("WebHook-Request-Rate", "120"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("eventgrid.azure.net", answer.Headers.GetValues("WebHook-Allowed-Origin").Single());
        Assert.Equal("*", answer.Headers.GetValues("WebHook-Allowed-Rate").Single());
        Assert.Equal(["OPTIONS", "POST"], answer.Content.Headers.Allow.Order());
    }
}
