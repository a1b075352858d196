using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Integration.Sync;
using ModelPlatform.Tests.Integration.Sync.Events;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class EventTests(Azurite azurite)
{
    private readonly Storage _storage = azurite.NewStorage();

    [Fact]
    public async Task An_event_of_either_schema_makes_ModelSync_look()
    {
        await using var events = await EventHost.StartAsync(_storage);
        await _storage.Container.PublishAsync("fashion/1");
        Assert.Contains("told that fashion/1/model.json was created", (await RunAsync(events, SyncHost.Key, "fashion/1")).Expect(0).Output, StringComparison.Ordinal);
        await events.Sync.StateAsync("version 1", state => state.Models.ContainsKey(ModelName.Parse("fashion")));

        await _storage.Container.PutAsync("squeezenet.onnx", "graph");
        (await RunAsync(events, SyncHost.Key, "squeezenet", "--schema", "cloudevents")).Expect(0);
        await events.Sync.StateAsync("the flat model", state => state.Models.ContainsKey(ModelName.Parse("squeezenet")));

        (await RunAsync(events, SyncHost.Key, "fashion/1", "--type", "deleted")).Expect(0);
        await events.ListedAsync(3);
    }

    [Fact]
    public async Task Without_the_key_it_fails_and_says_so()
    {
        await using var events = await EventHost.StartAsync(_storage);
        Assert.Contains("The key of the events is missing or wrong.", (await RunAsync(events, "guess", "fashion/1")).Expect(4).Error, StringComparison.Ordinal);
        (await RunAsync(events, SyncHost.Key, "no/model/this")).Expect(2);
        (await RunAsync(events, SyncHost.Key, "fashion", "--type", "moved")).Expect(2);
        Assert.Contains("cannot be reached", (await ModelCtl.RunAsync(_storage, "event", "fashion/1", "--sync", $"http://127.0.0.1:{FreePort.Next()}")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Equal(0, events.Listings);
    }

    private Task<ModelCtl> RunAsync(EventHost events, string key, params string[] arguments) => ModelCtl.RunAsync(
        [new("ConnectionStrings__models", _storage.ConnectionString), new("DOTNET_ENVIRONMENT", "Development"), new("MODELCTL_SYNC", events.Sync.Client.BaseAddress!.ToString()), new("Events__Key", key)],
        ["event", .. arguments]);
}
