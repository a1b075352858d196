using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;

namespace Aspire.Hosting
{
    /// <summary>Enough for an application model that can choose the container; running one needs the real package.</summary>
    public static class AzureStorageExtensions
    {
        public static IResourceBuilder<AzureStorageResource> AddAzureStorage(this IDistributedApplicationBuilder builder, string name) =>
            builder.AddResource(new AzureStorageResource(name));

        public static IResourceBuilder<AzureStorageResource> RunAsEmulator(
            this IResourceBuilder<AzureStorageResource> builder, Action<IResourceBuilder<AzureStorageEmulatorResource>>? configureContainer = null) =>
            throw new DistributedApplicationException("This stand-in for Aspire.Hosting.Azure.Storage starts no containers.");

        public static IResourceBuilder<AzureStorageEmulatorResource> WithBlobPort(this IResourceBuilder<AzureStorageEmulatorResource> builder, int port) => builder;

        public static IResourceBuilder<AzureStorageEmulatorResource> WithDataVolume(this IResourceBuilder<AzureStorageEmulatorResource> builder, string? name = null, bool isReadOnly = false) => builder;

        public static IResourceBuilder<AzureBlobStorageContainerResource> AddBlobContainer(this IResourceBuilder<AzureStorageResource> builder, string name, string? blobContainerName = null) =>
            builder.ApplicationBuilder.AddResource(new AzureBlobStorageContainerResource(name, blobContainerName ?? name));
    }
}

namespace Aspire.Hosting.Azure
{
    public sealed class AzureStorageResource(string name) : Resource(name);

    public sealed class AzureStorageEmulatorResource(AzureStorageResource innerResource) : Resource(innerResource.Name);

    public sealed class AzureBlobStorageContainerResource(string name, string blobContainerName) : Resource(name), IResourceWithConnectionString
    {
        public string BlobContainerName { get; } = blobContainerName;

        public ReferenceExpression ConnectionStringExpression => throw new NotSupportedException("Only the real package knows the emulator's address.");
    }
}
