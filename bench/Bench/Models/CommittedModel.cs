using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Bench.Models;

/// <summary>Writes versions straight into the container, where modelctl's own time would count.</summary>
internal static class CommittedModel
{
    /// <summary>Uploads the files of a version, and at last the model.json that lists them.</summary>
    /// <param name="draft">The members of model.json besides its list of files.</param>
    public static async Task CommitAsync(this BlobContainerClient blobs, ModelId id, IReadOnlyDictionary<string, byte[]> files, JsonObject? draft = null)
    {
        var listed = new JsonObject();
        foreach (var (name, content) in files)
        {
            listed[name] = new JsonObject { ["bytes"] = content.Length, ["sha256"] = Sha256Digest.Of(content).ToString() };
            await blobs.WriteAsync(RepositoryLayout.FolderOf(id) + name, content);
        }
        var manifest = draft?.DeepClone().AsObject() ?? [];
        manifest["files"] = listed;
        await blobs.WriteAsync(RepositoryLayout.BlobOf(id, RepositoryLayout.Manifest), System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    public static Task WriteAsync(this BlobContainerClient blobs, string name, byte[] content) => blobs.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true);

    public static Task WriteAsync(this BlobContainerClient blobs, string name, string content) => blobs.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true);
}
