using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Leading;

/// <summary>Gets the lease, keeps it while it can, and gives it back when the service stops, so that a standby need not wait for its end.</summary>
internal sealed partial class LeaderElection(
    LeaderBlob blob, Leadership leadership, RepositoryHealth health, IOptions<LeaderOptions> options, IHostApplicationLifetime host, TimeProvider time,
    ILogger<LeaderElection> logger) : BackgroundService
{
    private static readonly TimeSpan PatienceWithRelease = TimeSpan.FromSeconds(5);

    private string? _leader;
    private long? _askedForLeader;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        // Not only when its turn to stop comes, which is after the last answer: the next leader may begin meanwhile.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, host.ApplicationStopping);
        try
        {
            await host.StartedAsync(ending.Token);
            while (true)
            {
                var isLost = await TryLeadAsync(ending.Token);
                if (!isLost) await Task.Delay(options.Value.NextTry(), time, ending.Token);
            }
        }
#pragma warning disable CA1031 // A call that was cut off may end in any way.
        catch (Exception) when (ending.IsCancellationRequested) { }
#pragma warning restore CA1031
    }

    /// <returns>Whether it led and the lease was taken from it: then it tries again at once.</returns>
    private async Task<bool> TryLeadAsync(CancellationToken ending)
    {
        try
        {
            var asked = time.GetTimestamp();
            if (!await blob.TryTakeAsync(ending))
            {
                await StandByAsync(ending);
                return false;
            }
            try { return await LeadAsync(asked, ending); }
            finally { if (ending.IsCancellationRequested) await ReleaseAsync(); }
        }
#pragma warning disable CA1031 // Storage, or the sign-in before it, may be away for hours: the process must not end for it, and the next try may succeed.
        catch (Exception failure) when (!ending.IsCancellationRequested)
#pragma warning restore CA1031
        {
            var reason = StorageFailure.ReasonOf(failure);
            if (health.Failed(reason)) Log.CannotTry(logger, StorageFailure.Of(failure) is null ? failure : null, reason);
            return false;
        }
    }

    private async Task StandByAsync(CancellationToken ending)
    {
        // Who it is costs a call of its own, and matters to people only.
        if (_askedForLeader is not { } asked || time.GetElapsedTime(asked) > options.Value.LeaseFor)
        {
            _askedForLeader = time.GetTimestamp();
            var leader = await blob.LeaderAsync(ending) ?? "another instance";
            if (leader != _leader) Log.StandsBy(logger, leader);
            leadership.StandBy(_leader = leader);
        }
        health.StandsBy();
    }

    private async Task<bool> LeadAsync(long asked, CancellationToken ending)
    {
        (_leader, _askedForLeader) = (null, null);
        using var term = new Term(asked, options.Value.LeaseFor, await blob.SignAsync(ending), time, ending);
        leadership.Begin(term);
        Log.Leads(logger);
        var (reason, isLost) = await KeepAsync(term);
        term.End();
        leadership.StandBy(null);
        if (ending.IsCancellationRequested) Log.HandsOver(logger);
        else Log.LeadsNoMore(logger, reason);
        return isLost;
    }

    private async Task<(string Reason, bool IsLost)> KeepAsync(Term term)
    {
        var reason = "The process was stopped for longer than the lease.";
        var wait = options.Value.NextRenewal();
        while (true)
        {
            try { await Task.Delay(wait, time, term.Ended); }
            catch (OperationCanceledException) { return (reason, false); }
            if (!term.Holds) return (reason, false);

            var asked = time.GetTimestamp();
            // One call that hangs must not use up the time of all others.
            using var limit = new CancellationTokenSource(options.Value.NextRenewal(), time);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(term.Ended, limit.Token);
            try
            {
                if (!await blob.TryRenewAsync(patience.Token)) return ("The lease is somebody else's, or gone.", true);
                term.Renew(asked);
                wait = options.Value.NextRenewal();
            }
#pragma warning disable CA1031 // As above: the lease holds for a while yet.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (!term.Ended.IsCancellationRequested) reason = StorageFailure.ReasonOf(failure);
                wait = options.Value.NextTry();
            }
        }
    }

    private async Task ReleaseAsync()
    {
        using var patience = new CancellationTokenSource(PatienceWithRelease, time);
        try { await blob.ReleaseAsync(patience.Token); }
#pragma warning disable CA1031 // It runs out by itself.
        catch (Exception) { }
#pragma warning restore CA1031
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "This instance leads.")]
        public static partial void Leads(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "This instance stands by: {Leader} leads.")]
        public static partial void StandsBy(ILogger logger, string leader);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "This instance leads no more: {Reason}")]
        public static partial void LeadsNoMore(ILogger logger, string reason);

        [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "This instance stops and gives the lead away.")]
        public static partial void HandsOver(ILogger logger);

        [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "The lease cannot be asked for: {Reason}")]
        public static partial void CannotTry(ILogger logger, Exception? failure, string reason);
    }
}
