using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Events;

/// <summary>An event of Azure Blob Storage, as Event Grid delivers it.</summary>
internal sealed record EventBody(Uri Container, string ContainerName, ModelTarget Target, string Type)
{
    public const string Created = "created";
    public const string Deleted = "deleted";
    public const string EventGrid = "eventgrid";
    public const string CloudEvents = "cloudevents";

    /// <summary>The one that says most of the target: what commits a version, or a model in the flat form.</summary>
    public string Blob => Target.Version is { } version
        ? RepositoryLayout.BlobOf(new ModelId(Target.Model, version), RepositoryLayout.Manifest)
        : Target.Model + RepositoryLayout.FlatModelSuffix;

    public HttpContent In(string schema)
    {
        var (json, type) = schema == EventGrid ? (new JsonArray(InEventGrids()).ToJsonString(), "application/json") : (InCloudEvents().ToJsonString(), "application/cloudevents+json");
        return new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(type));
    }

    private string Name => Type == Created ? "Microsoft.Storage.BlobCreated" : "Microsoft.Storage.BlobDeleted";

    private string Subject => $"/blobServices/default/containers/{ContainerName}/blobs/{Blob}";

    private JsonObject InEventGrids() => new()
    {
        ["id"] = $"{Guid.NewGuid()}",
        ["topic"] = Container.Host,
        ["subject"] = Subject,
        ["eventType"] = Name,
        ["eventTime"] = $"{DateTimeOffset.UtcNow:O}",
        ["data"] = Data(),
        ["dataVersion"] = "",
        ["metadataVersion"] = "1",
    };

    private JsonObject InCloudEvents() => new()
    {
        ["specversion"] = "1.0",
        ["id"] = $"{Guid.NewGuid()}",
        ["source"] = Container.Host,
        ["subject"] = Subject,
        ["type"] = Name,
        ["time"] = $"{DateTimeOffset.UtcNow:O}",
        ["data"] = Data(),
    };

    private JsonObject Data() => new()
    {
        ["api"] = Type == Created ? "PutBlob" : "DeleteBlob",
        ["blobType"] = "BlockBlob",
        ["url"] = $"{Container.AbsoluteUri.TrimEnd('/')}/{Blob}",
    };
}
