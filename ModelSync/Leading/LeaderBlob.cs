using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Sync.Detection;
using OpenTelemetry;

namespace ModelPlatform.Sync.Leading;

/// <summary>The blob whose lease makes an instance the leader. Its metadata say who that is. Nothing here leaves a trace: it goes on for ever.</summary>
internal sealed class LeaderBlob(BlobContainerClient container, LeaderIdentity self, IOptions<LeaderOptions> options, IOptions<DetectionOptions> detection, TimeProvider time)
{
    private const string InstanceMember = "instance";
    private const string RunMember = "run";

    private readonly BlobClient _blob = container.GetBlobClient(RepositoryLayout.Leader);
    private readonly BlobLeaseClient _lease = container.GetBlobClient(RepositoryLayout.Leader).GetBlobLeaseClient(self.LeaseId);

    /// <summary>False: somebody else has it.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        // Twice missing means that somebody deletes it: that is for the next try.
        for (var isLast = false; ; isLast = true)
        {
            try
            {
                await _lease.AcquireAsync(options.Value.LeaseFor, cancellationToken: cancelled);
                return true;
            }
            catch (RequestFailedException held) when (held.ErrorCode == BlobErrorCode.LeaseAlreadyPresent || held.ErrorCode == BlobErrorCode.LeaseIsBreakingAndCannotBeAcquired) { return false; }
            catch (RequestFailedException missing) when (missing.Status == 404 && !isLast) { await CreateAsync(missing.ErrorCode, cancelled); }
        }
    }

    /// <summary>Writes down who leads from now on.</summary>
    /// <returns>Whether nobody else has led since this process did.</returns>
    public async Task<bool> SignAsync(CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        var before = await MetadataAsync(cancelled);
        var signature = new Dictionary<string, string>
        {
            [InstanceMember] = self.Instance,
            ["address"] = self.Address,
            ["since"] = time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
            [RunMember] = self.Run,
        };
        await _blob.SetMetadataAsync(signature, new BlobRequestConditions { LeaseId = self.LeaseId }, cancelled);
        return !before.TryGetValue(RunMember, out var run) || run == self.Run;
    }

    /// <summary>False: somebody else has the lease, or it is gone with its blob.</summary>
    public async Task<bool> TryRenewAsync(CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        try { await _lease.RenewAsync(cancellationToken: cancelled); }
        catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412) { return false; }
        return true;
    }

    public async Task ReleaseAsync(CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await _lease.ReleaseAsync(cancellationToken: cancelled);
    }

    /// <summary>Whoever led last, by name.</summary>
    public async Task<string?> LeaderAsync(CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        return (await MetadataAsync(cancelled)).TryGetValue(InstanceMember, out var instance) ? instance : null;
    }

    private async Task<IDictionary<string, string>> MetadataAsync(CancellationToken cancelled) =>
        (await _blob.GetPropertiesAsync(cancellationToken: cancelled)).Value.Metadata;

    private async Task CreateAsync(string? missing, CancellationToken cancelled)
    {
        if (missing == BlobErrorCode.ContainerNotFound && detection.Value.CreateContainer) await container.CreateIfNotExistsAsync(cancellationToken: cancelled);
        var first = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
        try { await _blob.UploadAsync(BinaryData.FromBytes([]), first, cancelled); }
        catch (RequestFailedException there) when (there.ErrorCode == BlobErrorCode.BlobAlreadyExists || there.ErrorCode == BlobErrorCode.ConditionNotMet || there.ErrorCode == BlobErrorCode.LeaseIdMissing) { }
    }
}
