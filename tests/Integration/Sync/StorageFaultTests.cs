using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class StorageFaultTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_container_changes_nothing_and_a_new_one_is_taken_up()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage, services: services => services.Configure<DetectionOptions>(options => options.CreateContainer = false));
        await storage.Container.CreateAsync(cancellationToken: Cancelled);
        await storage.Container.PublishAsync("fashion/1");
        var before = await sync.StateAsync("the first document", _ => true);

        await storage.Container.DeleteAsync(cancellationToken: Cancelled);
        await Eventually.IsTrueAsync("degraded", async () => await sync.HealthAsync() == "Degraded");
        Assert.Equal(before.ToJson(), (await sync.StateAsync())!.ToJson());

        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await sync.IsHealthyAsync();
        Assert.Equal(before.ToJson(), (await sync.StateAsync())!.ToJson());     // an empty container unloads nothing either

        await storage.Container.PublishAsync("fashion/2");
        var after = await sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);
        Assert.Equal(before.Generation + 1, after.Generation);
        Assert.Equal(after.ToJson(), (await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(Cancelled)).Value.Content.ToArray());
    }

    [Fact]
    public async Task A_document_deleted_by_hand_is_written_again()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", _ => true);

        await storage.Container.DeleteBlobAsync(RepositoryLayout.DesiredState, cancellationToken: Cancelled);
        await sync.StateAsync("the next generation", state => state.Generation == 2);
        Assert.True(await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).ExistsAsync(Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{ \"schema\": 1, \"generation\": 900719925474, \"models\": {")]
    public async Task A_document_damaged_by_hand_is_told_of_and_written_again(string damaged)
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        var before = await sync.StateAsync("the first document", _ => true);

        await storage.Container.PutAsync(RepositoryLayout.DesiredState, damaged);
        var after = await sync.StateAsync("the next generation", state => state.Generation == 2);
        Assert.Equal(before.Models.Keys, after.Models.Keys);
        Assert.Contains("damaged", Assert.Single(sync.Logs.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_of_a_newer_release_is_left_alone()
    {
        const string Newer = """{ "schema": 2, "models": [] }""";
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", _ => true);

        await storage.Container.PutAsync(RepositoryLayout.DesiredState, Newer);
        await Eventually.IsTrueAsync("degraded", async () => await sync.HealthAsync() == "Degraded");
        Assert.Equal(Newer, (await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(Cancelled)).Value.Content.ToString());
    }

    [Fact]
    public async Task Removing_the_last_model_by_hand_unloads_nothing_and_removing_one_of_two_does()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await storage.Container.PublishAsync("other/1");
        await sync.StateAsync("both models", state => state.Models.Count == 2);

        await storage.Container.DeleteBlobAsync("other/1/model.json", cancellationToken: Cancelled);
        await storage.Container.DeleteBlobAsync("other/1/model.onnx", cancellationToken: Cancelled);
        var one = await sync.StateAsync("one model", state => state.Models.Count == 1);

        await storage.Container.DeleteBlobAsync("fashion/1/model.json", cancellationToken: Cancelled);
        await storage.Container.DeleteBlobAsync("fashion/1/model.onnx", cancellationToken: Cancelled);
        await storage.Container.PutAsync("stray.txt", "");
        await Eventually.IsTrueAsync("a pass that saw the stray blob", () => Task.FromResult(sync.Logs.Warnings.Count == 1));
        Assert.Equal(one.ToJson(), (await sync.StateAsync())!.ToJson());
    }

    [Fact]
    public async Task A_document_that_somebody_has_locked_is_a_failure_and_no_race()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await storage.Container.PutAsync(RepositoryLayout.DesiredState, System.Text.Encoding.UTF8.GetString(DesiredState.Empty.ToJson()));
        var lease = storage.Container.GetBlobClient(RepositoryLayout.DesiredState).GetBlobLeaseClient();
        await lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancelled);
        await storage.Container.PublishAsync("fashion/1");
        await using var sync = new SyncHost(storage);

        await Eventually.IsTrueAsync("a failed pass", () => Task.FromResult(sync.Logs.Warnings.Count == 1));
        Assert.Equal("Unhealthy", await sync.HealthAsync());
        await lease.ReleaseAsync(cancellationToken: Cancelled);
        await sync.StateAsync("the first generation", state => state.Models.ContainsKey(Fashion));
    }

    [Fact]
    public async Task A_version_whose_model_json_cannot_be_read_holds_up_no_other()
    {
        var storage = azurite.NewStorage();
        var blob = storage.Container.GetBlobClient("fashion/1/model.json");
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await storage.Container.PublishAsync("fashion/1");
        await blob.SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancelled);
        await using var sync = new SyncHost(storage);       // it might have read the blob before that
        await storage.Container.PublishAsync("other/1");

        await sync.StateAsync("the other model", state => state.Models.ContainsKey(ModelName.Parse("other")));
        await Eventually.IsTrueAsync("the reason", () => Task.FromResult(sync.Logs.Warnings.Any(warning => warning.Contains("BlobArchived", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Storage_may_be_away_at_the_start_and_in_between()
    {
        await using var own = new Azurite();
        await own.InitializeAsync();
        var storage = own.NewStorage();
        await own.StopAsync();
        await using var sync = new SyncHost(storage);
        await Eventually.IsTrueAsync("a failed pass", () => Task.FromResult(sync.Logs.Warnings.Count == 1));
        Assert.Equal("Unhealthy", await sync.HealthAsync());

        await own.StartAsync();
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        var before = await sync.StateAsync("the first document", _ => true);

        await own.StopAsync();
        await Eventually.IsTrueAsync("degraded", async () => await sync.HealthAsync() == "Degraded");
        Assert.Equal(before.ToJson(), (await sync.StateAsync())!.ToJson());

        await own.StartAsync();
        await storage.Container.PublishAsync("fashion/2");
        await sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);
        Assert.Equal("Healthy", await sync.HealthAsync());
        // One for each time it was away, however many passes failed: at the start it was the lease that could not be asked for. What waits for the history has a warning of its own.
        Assert.Single(sync.Logs.Warnings, warning => warning.StartsWith("The repository could not be read", StringComparison.Ordinal));
    }
}
