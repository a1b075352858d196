using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using OpenTelemetry;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Reads the desired state from Blob at start, on a slow tick and on demand. With it alone a replica starts and converges; ModelSync's watch only
/// makes it quicker.
/// </summary>
internal sealed partial class StateResync(
    BlobContainerClient container, DesiredStateFeed feed, IOptions<ReloadOptions> options, TimeProvider time, ILogger<StateResync> logger) : BackgroundService
{
    private ETag? _seen;

    /// <summary>Makes the next look come at once.</summary>
    public Signal Hint { get; } = new(time);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            failures = await TryReadAsync(stopping) ? 0 : failures + 1;
            var wait = failures == 0 ? options.Value.ResyncEvery : Backoff.After(failures, options.Value.RetryFirst, options.Value.ResyncEvery, Random.Shared.NextDouble());
            await Hint.WaitAsync(wait, stopping);
        }
    }

    private async Task<bool> TryReadAsync(CancellationToken stopping)
    {
        try
        {
            if (await ReadAsync(stopping) is { } state) feed.Offer(state);
            return true;
        }
        catch (RequestFailedException absent) when (absent.Status == 404) { return feed.Current is not null; }   // Nothing is published yet: look again soon.
        catch (RequestFailedException unchanged) when (unchanged.Status == 304) { return true; }
        catch (RequestFailedException away) { Log.Away(logger, away.Status, away.ErrorCode ?? away.GetType().Name); }
        catch (AggregateException away) when (away.InnerException is RequestFailedException) { Log.Away(logger, 0, "no answer after several tries"); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { Log.Away(logger, 0, "no answer in time"); }
        catch (InvalidDocumentException problem) { Log.Unreadable(logger, problem.Message); }
#pragma warning disable CA1031 // A bug of ours or of a library. The process must not end for it: what is served is good.
        catch (Exception failure) when (!stopping.IsCancellationRequested) { Log.Failed(logger, failure); }
#pragma warning restore CA1031
        return false;
    }

    private async Task<DesiredState?> ReadAsync(CancellationToken stopping)
    {
        // A look that finds nothing new is no trace.
        using var quiet = SuppressInstrumentationScope.Begin();
        var conditions = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = _seen } };
        var answer = await container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(conditions, stopping);
        if (answer.GetRawResponse().Status == 304) return null;
        var state = DesiredState.Parse(answer.Value.Content.ToMemory().Span);
        _seen = answer.Value.Details.ETag;
        return state;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The desired state could not be read from Blob ({Status} {Code}). What is served is served on.")]
        public static partial void Away(ILogger logger, int status, string code);

        [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The desired state cannot be understood: {Reason} What is served is served on.")]
        public static partial void Unreadable(ILogger logger, string reason);

        [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "A look for the desired state failed. What is served is served on.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
