using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Integration;

/// <summary>Uploads versions as a publisher does: the files first, model.json last. The content is text, since ModelSync never opens a model.</summary>
internal static class Versions
{
    public static async Task<Identity> PublishAsync(this BlobContainerClient container, string id, string graph = "graph", string more = "", string? traceparent = null)
    {
        await container.PutAsync($"{id}/model.onnx", graph);
        return await container.CommitAsync(id, graph, more, traceparent);
    }

    public static async Task<Identity> CommitAsync(this BlobContainerClient container, string id, string graph = "graph", string more = "", string? traceparent = null)
    {
        var bytes = Encoding.UTF8.GetBytes(graph);
        var json = $$"""{ {{more}} "files": { "model.onnx": { "bytes": {{bytes.Length}}, "sha256": "{{Sha256Digest.Of(bytes)}}" } } }""";
        await container.PutAsync($"{id}/model.json", json, traceparent);
        return Identity.OfManifest(Encoding.UTF8.GetBytes(json));
    }

    public static async Task PutAsync(this BlobContainerClient container, string name, string content, string? traceparent = null)
    {
        var options = new BlobUploadOptions();
        if (traceparent is not null) options.Metadata = new Dictionary<string, string> { [RepositoryLayout.TraceParentMetadata] = traceparent };
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), options, TestContext.Current.CancellationToken);
    }
}
