using System.Net;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class FlatFormTests(Azurite azurite)
{
    private static readonly ModelName Squeezenet = ModelName.Parse("squeezenet");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blobs_at_the_root_are_published_and_published_anew_when_one_is_overwritten()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PutAsync("synset.txt", "one");
        await storage.Container.PutAsync("squeezenet.onnx", "graph");

        var first = Only(await sync.StateAsync("the first document", _ => true));
        var modified = (await storage.Container.GetBlobClient("squeezenet.onnx").GetPropertiesAsync(cancellationToken: Cancelled)).Value.LastModified;
        Assert.Equal(modified.UtcDateTime.ToString("yyyyMMddHHmmss", null), first.Version.ToString());
        Assert.Equal(("", "squeezenet.onnx synset.txt"), (first.Path, string.Join(' ', first.Files.Keys)));
        foreach (var (path, file) in first.Files)
        {
            var pinned = new Azure.Storage.Blobs.Models.BlobRequestConditions { IfMatch = new Azure.ETag(file.Etag) };
            var content = await storage.Container.GetBlobClient(path.ToString()).DownloadContentAsync(pinned, Cancelled);
            Assert.Equal(file.Bytes, content.Value.Content.ToMemory().Length);
        }

        await storage.Container.PutAsync("synset.txt", "two");
        var relabelled = Only(await sync.StateAsync("new labels", state => Only(state).Identity != first.Identity));
        Assert.True(relabelled.Version.CompareTo(first.Version) > 0);
        Assert.Equal(first.Files[FilePath.Parse("squeezenet.onnx")], relabelled.Files[FilePath.Parse("squeezenet.onnx")]);

        await storage.Container.PutAsync("squeezenet.onnx", "graph 2");
        var replaced = Only(await sync.StateAsync("a new graph", state => Only(state).Identity != relabelled.Identity));
        Assert.True(replaced.Version.CompareTo(relabelled.Version) > 0);
        Assert.Empty(sync.Logs.Warnings);
    }

    [Fact]
    public async Task The_versioned_form_takes_over_and_the_flat_blob_is_reported()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await using var sync = new SyncHost(storage);
        await storage.Container.PutAsync("squeezenet.onnx", "graph");
        await sync.StateAsync("the flat form", state => Only(state).IsFlat);

        await storage.Container.PublishAsync("squeezenet/1");
        await sync.StateAsync("the versioned form", state => Only(state).Path == "squeezenet/1/");
        Assert.Contains("'squeezenet.onnx' cannot be used", Assert.Single(sync.Logs.Warnings), StringComparison.Ordinal);

        await storage.Container.DeleteBlobAsync("squeezenet/1/model.json", cancellationToken: Cancelled);
        await sync.StateAsync("the flat form again", state => Only(state).IsFlat);
    }

    [Fact]
    public async Task The_candidate_of_a_flat_model_can_be_pinned()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await using var sync = new SyncHost(storage);
        await storage.Container.PutAsync("squeezenet.onnx", "graph");
        var first = Only(await sync.StateAsync("the first document", _ => true));
        await using var replica = new ScriptedReplica(sync, "a", (version, ack) => version.Version == first.Version ? ack : ack with { State = AckState.Loading });
        await Eventually.IsTrueAsync("it is served", async () => (await sync.ReplicasAsync()).Any(known => known.Models.ContainsKey(Squeezenet)));
        await storage.Container.PutAsync("squeezenet.onnx", "graph 2");
        var rolling = await sync.StateAsync("a rollout", state => state.Models[Squeezenet].Candidate is not null);
        var candidate = rolling.Models[Squeezenet].Candidate!.Versions.Single().Version;

        using var wish = new StringContent($$"""{"version": "{{candidate}}"}""");
        using var answer = await sync.Client.PostAsync(new Uri(SyncRoutes.WishOf(Squeezenet, "pin"), UriKind.Relative), wish, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(candidate, (await storage.Container.OverridesAsync(Cancelled)).Overrides.Pin(Squeezenet));
    }

    private static DesiredVersion Only(DesiredState state) => Assert.Single(state.Models[Squeezenet].Versions);
}
