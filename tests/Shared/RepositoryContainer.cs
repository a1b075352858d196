using System.Text;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Shared;

/// <summary>Plays the publisher and, where no ModelSync runs, ModelSync: writes versions and desired states into a container.</summary>
internal sealed class RepositoryContainer(BlobContainerClient container)
{
    public BlobContainerClient Client { get; } = container;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Uploads the files and then the model.json that lists them; null content in <paramref name="lies"/> leaves a file out.</summary>
    public async Task<DesiredVersion> PublishAsync(ModelId id, IReadOnlyDictionary<string, byte[]> files, JsonObject? draft = null, IReadOnlyDictionary<string, byte[]>? lies = null)
    {
        var listed = new JsonObject();
        var desired = new Dictionary<FilePath, DesiredFile>();
        foreach (var (name, content) in files)
        {
            listed[name] = new JsonObject { ["bytes"] = content.Length, ["sha256"] = Sha256Digest.Of(content).ToString() };
            var stored = lies is not null && lies.TryGetValue(name, out var lie) ? lie : content;
            var etag = await UploadAsync(RepositoryLayout.FolderOf(id) + name, stored);
            desired[FilePath.Parse(name)] = new DesiredFile(etag.ToString("G"), content.Length, Sha256Digest.Of(content));
        }

        var manifest = draft?.DeepClone().AsObject() ?? [];
        manifest["files"] = listed;
        var json = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        var committed = await UploadAsync(RepositoryLayout.BlobOf(id, RepositoryLayout.Manifest), json);
        desired[RepositoryLayout.Manifest] = new DesiredFile(committed.ToString("G"), json.Length, Sha256Digest.Of(json));
        return new DesiredVersion(id.Version, Identity.OfManifest(json), RepositoryLayout.FolderOf(id), desired);
    }

    /// <summary>Uploads a folder such as samples/fashion/1 with its model.json draft.</summary>
    /// <param name="others">Files beside those of the folder or in their place.</param>
    public Task<DesiredVersion> PublishFolderAsync(ModelId id, string folder, IReadOnlyDictionary<string, byte[]>? others = null)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes);
        var draft = files.Remove(RepositoryLayout.ManifestName, out var json) ? JsonNode.Parse(json)!.AsObject() : null;
        foreach (var (name, content) in others ?? new Dictionary<string, byte[]>()) files[name] = content;
        return PublishAsync(id, files, draft);
    }

    /// <summary>Takes a version back, what commits it first.</summary>
    public async Task DeleteAsync(ModelId id)
    {
        await Client.DeleteBlobIfExistsAsync(RepositoryLayout.BlobOf(id, RepositoryLayout.Manifest), cancellationToken: Cancelled);
        await foreach (var blob in Client.GetBlobsAsync(BlobTraits.None, BlobStates.None, RepositoryLayout.FolderOf(id), Cancelled))
            await Client.DeleteBlobAsync(blob.Name, cancellationToken: Cancelled);
    }

    public async Task<DesiredState> WantAsync(long generation, params (string Model, DesiredModel Wanted)[] models)
    {
        var state = new DesiredState
        {
            Generation = generation,
            Published = DateTimeOffset.UnixEpoch,
            Models = models.ToDictionary(pair => ModelName.Parse(pair.Model), pair => pair.Wanted),
        };
        await UploadAsync(RepositoryLayout.DesiredState, state.ToJson());
        return state;
    }

    public static DesiredModel Model(DesiredVersion version, DesiredVersion? fallback = null, ModelSignature? signature = null) =>
        new() { Versions = [version], Fallback = fallback is null ? [] : [fallback], Signature = signature };

    public async Task<ETag> UploadAsync(string name, byte[] content)
    {
        await Client.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var stored = await Client.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), new BlobUploadOptions(), Cancelled);
        return stored.Value.ETag;
    }
}
