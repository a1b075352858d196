using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Publishing;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>A look that comes to nothing is followed by another soon, also where the usual pace is an hour, as with events: nobody hints at the same change twice.</summary>
public sealed class LookAgainTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_else_publishes_in_between()
    {
        var storage = await WithVersion1Async();
        await using var sync = Hourly(storage, Meanwhile.IsPublication, () => new DesiredStateBlob(storage.Container)
            .TryWriteAsync(DesiredState.Empty with { Generation = 41, Published = DateTimeOffset.UnixEpoch }, null, Cancelled));
        var state = await sync.StateAsync("a document above theirs", state => state.Generation == 42);
        Assert.Equal("fashion", Assert.Single(state.Models.Keys).ToString());
        Assert.Single(sync.Logs.Texts, text => text.StartsWith("Somebody else published first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blob_changes_while_it_is_read()
    {
        var storage = await WithVersion1Async();
        await using var sync = Hourly(storage, request => Meanwhile.IsRead(request, "fashion/1/model.json"), () => storage.Container.PublishAsync("fashion/1"));
        await sync.StateAsync("the first document", state => state.Models.Count == 1);
    }

    [Fact]
    public async Task Storage_refuses_one_listing()
    {
        var storage = await WithVersion1Async();
        await using var sync = Hourly(storage, Meanwhile.IsListing, () => throw new RequestFailedException(503, "The server is busy."));
        await sync.StateAsync("the first document", state => state.Models.Count == 1);
    }

    [Fact]
    public async Task Storage_refuses_one_publication()
    {
        var storage = await WithVersion1Async();
        await using var sync = Hourly(storage, Meanwhile.IsPublication, () => throw new RequestFailedException(503, "The server is busy."));
        await sync.StateAsync("the first document", state => state.Models.Count == 1);
    }

    private async Task<Storage> WithVersion1Async()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        await storage.Container.PublishAsync("fashion/1");
        return storage;
    }

    private static SyncHost Hourly(Storage storage, Predicate<Request> before, Func<Task> happens)
    {
        var left = 1;
        var once = new Meanwhile(request => before(request) && Interlocked.Decrement(ref left) == 0, happens);
        return new SyncHost(storage, services: services => services.AddSingleton<BlobContainerClient>(once.In(storage)), settings: ("Detection:ListEvery", "01:00:00"));
    }
}
