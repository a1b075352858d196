using System.Text;
using Azure.Storage.Queues;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Integration.Sync.Events;

/// <summary>Events that Event Grid puts into a storage queue: a real one.</summary>
public sealed class EventQueueTests(Azurite azurite, EventQueueTests.Queues queues) : IClassFixture<EventQueueTests.Queues>
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_makes_a_change_known_and_is_gone()
    {
        var (queue, setting) = await queues.NewAsync();
        await using var events = await EventHost.StartAsync(_storage, settings: [("Events:Queue", setting), ("Events:QueueMost", "00:00:00.5")]);
        await _storage.Container.PublishAsync("fashion/1");
        await SendAsync(queue, Encoded(events.Changed("fashion/1/model.json").Plain()));
        await events.Sync.StateAsync("version 1", state => state.Models.ContainsKey(Fashion));

        await _storage.Container.PublishAsync("fashion/2");
        await SendAsync(queue, events.CloudChanged("fashion/2/model.json").Plain());
        await events.Sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);
        await IsEmptyAsync(queue);
        Assert.Empty(events.Sync.Logs.Warnings);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_counted_and_deleted_and_holds_up_nothing()
    {
        var (queue, setting) = await queues.NewAsync();
        foreach (var poison in new[] { "not an event", Encoded("nor is this"), "[{}]", new string('[', 20_000) }) await SendAsync(queue, poison);
        await using var events = await EventHost.StartAsync(_storage, settings: [("Events:Queue", setting), ("Events:QueueMost", "00:00:00.5")]);
        await _storage.Container.PublishAsync("fashion/1");
        await SendAsync(queue, events.Changed(".platform/desired-state.json").Plain());
        await SendAsync(queue, events.Changed("fashion/1/model.json").Plain());
        await events.Sync.StateAsync("version 1", state => state.Models.ContainsKey(Fashion));
        await IsEmptyAsync(queue);
        Assert.Equal(4, events.Sync.Logs.Warnings.Count(warning => warning.Contains("has no events and is deleted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_queue_that_is_away_is_told_once_and_read_when_it_is_back()
    {
        var (queue, setting) = await queues.NewAsync();
        await queue.DeleteAsync(Cancelled);
        await using var events = await EventHost.StartAsync(_storage, settings: [("Events:Queue", setting), ("Events:QueueFirst", "00:00:00.1"), ("Events:QueueMost", "00:00:00.1")]);
        await Eventually.IsTrueAsync("a warning", () => Task.FromResult(events.Sync.Logs.Warnings.Count > 0));
        await queue.CreateAsync(cancellationToken: Cancelled);
        await Eventually.IsTrueAsync("it is read", () => Task.FromResult(events.Sync.Logs.Texts.Any(text => text.StartsWith("The queue of events is read.", StringComparison.Ordinal))));
        Assert.Contains("The queue of events cannot be read", Assert.Single(events.Sync.Logs.Warnings), StringComparison.Ordinal);
        Assert.Equal("Healthy", await events.Sync.HealthAsync());
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Task SendAsync(QueueClient queue, string text) => queue.SendMessageAsync(text, Cancelled);

    // Also of what is hidden while it is worked on.
    private static Task IsEmptyAsync(QueueClient queue) =>
        Eventually.IsTrueAsync("an empty queue", async () => (await queue.GetPropertiesAsync(Cancelled)).Value.ApproximateMessagesCount == 0);

    public sealed class Queues : IAsyncLifetime
    {
        private readonly AzuriteService _service = new("queue");

        public async ValueTask InitializeAsync()
        {
            if (_service.IsInstalled) await _service.StartAsync();
        }

        public async Task<(QueueClient Queue, string Setting)> NewAsync()
        {
            var (account, name) = ($"{AzuriteService.Account}QueueEndpoint={_service.Endpoint};", $"events-{Guid.NewGuid():n}");
            var queue = new QueueClient(account, name);
            await queue.CreateAsync(cancellationToken: Cancelled);
            return (queue, $"Endpoint=\"{account}\";QueueName={name}");
        }

        public ValueTask DisposeAsync() => _service.DisposeAsync();
    }
}

file static class Bodies
{
    public static string Plain<T>(this T sent) => BinaryData.FromObjectAsJson(sent).ToString();
}
