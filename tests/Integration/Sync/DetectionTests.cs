using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class DetectionTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_uploaded_version_is_published_with_everything_a_replica_needs()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        Assert.Null(await sync.StateAsync());

        var identity = await storage.Container.PublishAsync("fashion/1");

        var state = await sync.StateAsync("the first document", _ => true);
        Assert.Equal((1, DesiredState.CurrentSchema), (state.Generation, state.Schema));
        var version = Assert.Single(state.Models[Fashion].Versions);
        Assert.Equal((new ModelVersion(1), identity, "fashion/1/"), (version.Version, version.Identity, version.Path));
        foreach (var (path, file) in version.Files)
        {
            var pinned = new Azure.Storage.Blobs.Models.BlobRequestConditions { IfMatch = new Azure.ETag(file.Etag) };
            var content = await storage.Container.GetBlobClient(version.Path + path).DownloadContentAsync(pinned, Cancelled);
            var bytes = content.Value.Content.ToArray();
            Assert.Equal((file.Bytes, file.Sha256), (bytes.Length, Sha256Digest.Of(bytes)));
        }
        Assert.Equal(["model.json", "model.onnx"], version.Files.Keys.Select(path => path.ToString()));
        Assert.Equal(state.ToJson(), (await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(Cancelled)).Value.Content.ToArray());
        Assert.Empty(sync.Logs.Warnings);
    }

    [Fact]
    public async Task A_version_is_ignored_until_its_model_json_is_there()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await storage.Container.PutAsync("fashion/2/model.onnx", "second");
        await storage.Container.PublishAsync("other/1");
        var before = await sync.StateAsync("both models", state => state.Models.Count == 2);
        Assert.Equal(1, before.Models[Fashion].Versions.Single().Version.Number);

        await storage.Container.CommitAsync("fashion/2", "second");
        await sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);
        Assert.Empty(sync.Logs.Warnings);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_reported_once_and_leaves_the_version_before()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await storage.Container.PutAsync("fashion/2/model.json", """{ "labls": "x" }""");
        await storage.Container.CommitAsync("fashion/3");
        await storage.Container.PutAsync("stray.txt", "");

        await Eventually.IsTrueAsync("three warnings", () => Task.FromResult(sync.Logs.Warnings.Count >= 3));
        await storage.Container.PublishAsync("other/1");
        var state = await sync.StateAsync("a pass after them", state => state.Models.Count == 2);
        Assert.Equal(1, state.Models[Fashion].Versions.Single().Version.Number);
        Assert.Collection(sync.Logs.Warnings.Order(StringComparer.Ordinal),
            warning => Assert.Contains("labls: This member is not known", warning, StringComparison.Ordinal),
            warning => Assert.Contains("'model.onnx' is listed in model.json but not there", warning, StringComparison.Ordinal),
            warning => Assert.Contains("lies in no model's folder", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_version_that_is_overwritten_is_published_under_its_new_identity()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1", "old");
        await sync.StateAsync("the first document", _ => true);

        var identity = await storage.Container.PublishAsync("fashion/1", "new");
        await sync.StateAsync("the new identity", state => state.Models[Fashion].Versions.Single().Identity == identity);
    }

    [Fact]
    public async Task A_serving_json_pins_a_version_and_gives_it_free_again()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await storage.Container.PublishAsync("fashion/2");
        await sync.StateAsync("version 2", state => state.Models[Fashion].Versions.Single().Version.Number == 2);

        await storage.Container.PutAsync("fashion/serving.json", """{ "versions": { "only": [1] } }""");
        await sync.StateAsync("version 1", state => state.Models[Fashion].Versions.Single().Version.Number == 1);
        await storage.Container.DeleteBlobAsync("fashion/serving.json", cancellationToken: Cancelled);
        await sync.StateAsync("version 2 again", state => state.Models[Fashion].Versions.Single().Version.Number == 2);
    }

    [Fact]
    public async Task More_blobs_than_a_page_holds_are_all_seen()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        foreach (var letter in "abcdefgh") await storage.Container.PublishAsync($"{letter}/1");
        await using var sync = new SyncHost(storage, services: services => services.Configure<DetectionOptions>(options => options.PageSize = 3));
        var state = await sync.StateAsync("the first document", _ => true);
        Assert.Equal("abcdefgh", string.Concat(state.Models.Keys.Select(name => name.ToString())));
    }
}
