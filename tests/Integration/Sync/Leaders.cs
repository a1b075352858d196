using Azure.Storage.Blobs;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Sync.Leading;

namespace ModelPlatform.Tests.Integration.Sync;

internal static class Leaders
{
    /// <summary>Of somebody who leads, for as long as a test takes.</summary>
    public static Leadership Leading() => Leading(TimeProvider.System, TimeSpan.FromHours(1));

    public static Leadership Leading(TimeProvider time, TimeSpan leaseFor)
    {
        var leadership = new Leadership();
        leadership.Open(new Term(time.GetTimestamp(), leaseFor, isOurNext: true, time, CancellationToken.None));
        return leadership;
    }

    public static async Task<IDictionary<string, string>> SignatureAsync(this BlobContainerClient container) =>
        (await container.GetBlobClient(RepositoryLayout.Leader).GetPropertiesAsync(cancellationToken: TestContext.Current.CancellationToken)).Value.Metadata;
}
