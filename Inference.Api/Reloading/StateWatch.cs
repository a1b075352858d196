using System.Globalization;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using OpenTelemetry;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Keeps one stream of server-sent events to ModelSync open, through which new generations arrive at once. Everything that it can miss, the
/// <see cref="StateResync"/> finds a little later.
/// </summary>
internal sealed partial class StateWatch(
    DesiredStateFeed feed, StateResync resync, AckOutbox acks, ReplicaIdentity replica, IHttpClientFactory clients, IHostApplicationLifetime lifetime,
    IOptions<ReloadOptions> options, TimeProvider time, ILogger<StateWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        await lifetime.StartedAsync(stopping);
        for (var failures = 0; !stopping.IsCancellationRequested;)
        {
            failures = await FollowAsync(stopping) ? 0 : failures + 1;
            await Task.Delay(Backoff.After(Math.Max(failures, 1), options.Value.RetryFirst, MostBetweenTries, Random.Shared.NextDouble()), time, stopping);
        }
    }

    // A replica that ModelSync does not see holds up rollouts: it comes back sooner than it would retry a download.
    private TimeSpan MostBetweenTries => TimeSpan.FromTicks(Math.Min(options.Value.RetryMost.Ticks, TimeSpan.FromSeconds(5).Ticks));

    /// <returns>Whether ModelSync was there at all.</returns>
    private async Task<bool> FollowAsync(CancellationToken stopping)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        silence.CancelAfter(options.Value.WatchSilence);
        var heard = false;
        try
        {
            using var client = clients.CreateClient(SyncClient.Name);
            client.Timeout = Timeout.InfiniteTimeSpan;
            using var answer = await OpenAsync(client, silence.Token);
            await using var stream = await answer.Content.ReadAsStreamAsync(silence.Token);
            await foreach (var item in SseParser.Create(stream, (_, data) => data.ToArray()).EnumerateAsync(silence.Token))
            {
                // From here on ModelSync listens to acks, and has forgotten those of the watch before.
                if (!heard)
                {
                    Log.Watching(logger);
                    acks.RepeatAll();
                }
                heard = true;
                silence.CancelAfter(options.Value.WatchSilence);
                if (item.EventType == SyncRoutes.StateEvent) Take(item.Data);
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { Log.Lost(logger, "It fell silent."); }
        catch (Exception broken) when (broken is HttpRequestException or IOException) { Log.Lost(logger, broken.Message); }
#pragma warning disable CA1031 // Whatever it was that ModelSync or an address in between answered: the process must not end for it.
        catch (Exception failure) when (!stopping.IsCancellationRequested) { Log.Failed(logger, failure); }
#pragma warning restore CA1031
        return heard;
    }

    // A stream that is open for days is no trace. The scope ends before anything is logged: it would swallow that too.
    private async Task<HttpResponseMessage> OpenAsync(HttpClient client, CancellationToken cancelled)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        var answer = await client.GetAsync(Address(), HttpCompletionOption.ResponseHeadersRead, cancelled);
        if (answer.IsSuccessStatusCode) return answer;
        // Its body was not read: undisposed it would keep a connection for each try.
        using (answer) throw new HttpRequestException($"It answered {(int)answer.StatusCode}.");
    }

    private void Take(byte[] data)
    {
        try
        {
            if (WatchPointer.Find(data) is not null) resync.Hint.Raise();
            else feed.Offer(DesiredState.Parse(data));
        }
        catch (InvalidDocumentException problem) { Log.Unreadable(logger, problem.Message); }
    }

    private string Address()
    {
        var query = string.Create(CultureInfo.InvariantCulture,
            $"?replica={Uri.EscapeDataString(replica.Id.ToString())}&run={replica.Run}&pid={Environment.ProcessId}&generation={feed.Current?.Generation ?? 0}");
        return SyncRoutes.Watch + query + Given("address", replica.Address) + Given("grpcAddress", replica.GrpcAddress);
    }

    private static string Given(string name, string? address) => address is null ? "" : $"&{name}={Uri.EscapeDataString(address)}";

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Watching ModelSync.")]
        public static partial void Watching(ILogger logger);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Not watching ModelSync: {Reason} The desired state is read from Blob meanwhile.")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The watch brought a document that cannot be read: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);

        [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "The watch failed; it is opened again.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
