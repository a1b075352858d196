using System.Data.Common;
using Azure.Core;

namespace Aspire.Azure.Storage.Blobs;

public class AzureStorageBlobsSettings
{
    public string? ConnectionString { get; set; }
    public Uri? ServiceUri { get; set; }
    public TokenCredential? Credential { get; set; }
    public bool DisableHealthChecks { get; set; }
    public bool DisableTracing { get; set; }

    internal virtual void Parse(string connectionString)
    {
        if (Uri.TryCreate(connectionString, UriKind.Absolute, out var uri))
            ServiceUri = uri;
        else
            ConnectionString = connectionString;
    }
}

public sealed class AzureBlobStorageContainerSettings : AzureStorageBlobsSettings
{
    public string? BlobContainerName { get; set; }

    // Endpoint=<URI, or the emulator's connection string in quotes>;ContainerName=<name>
    internal override void Parse(string connectionString)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (!parts.TryGetValue("Endpoint", out var endpoint) || !parts.TryGetValue("ContainerName", out var container))
            return;

        base.Parse(endpoint.ToString()!);
        BlobContainerName = container.ToString();
    }
}
