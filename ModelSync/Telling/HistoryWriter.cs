using Microsoft.Extensions.Options;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using OpenTelemetry;

namespace ModelPlatform.Sync.Telling;

/// <summary>Brings what waits into the container, in order, however long storage is away; and reads what others wrote there.</summary>
internal sealed partial class HistoryWriter(HistoryBlob blob, History history, IOptions<HistoryOptions> options, TimeProvider time, ILogger<HistoryWriter> logger) : BackgroundService
{
    // Below the 4 MiB that storage takes at once.
    private const int MaxBlockBytes = 1 << 20;
    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMost = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(3);

    private int _failures;
    private bool _isTold;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await PassAsync(stopping);
            await WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        // What waits gets one more chance here and not in StopAsync: a host may call that twice at once, and two passes at once write an entry twice.
        if (history.Pending == 0) return;
        using var patience = new CancellationTokenSource(LastPatience, time);
        await PassAsync(patience.Token);
    }

    private Task WaitAsync(CancellationToken stopping) => _failures == 0
        ? history.News.WaitAsync(options.Value.RefreshEvery, stopping)
        : Task.Delay(Backoff.After(_failures, RetryFirst, RetryMost, Random.Shared.NextDouble()), time, stopping);

    private async Task PassAsync(CancellationToken stopping)
    {
        try
        {
            await UntracedPassAsync(stopping);
            _failures = 0;
            if (_isTold) Log.Recovered(logger);
            _isTold = false;
        }
#pragma warning disable CA1031 // As in the reconciler: storage may be away for hours, and then everything here fails. What waits is kept and tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (stopping.IsCancellationRequested) return;
            _failures++;
            // Without anything to write it is enough that the reconciler tells.
            if (!_isTold && history.Pending is > 0 and var pending)
            {
                _isTold = true;
                Log.Waits(logger, pending, StorageFailure.ReasonOf(failure));
            }
        }
    }

    private async Task UntracedPassAsync(CancellationToken stopping)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        do
        {
            var news = await blob.NewsAsync(stopping);
            history.Read(HistoryEntry.ParseLines(news.Lines), news.IsAll, news.Holds(history.Take(MaxBlockBytes)));
        }
        while (!await TryWriteAsync(stopping));
    }

    private async Task<bool> TryWriteAsync(CancellationToken stopping)
    {
        while (history.Take(MaxBlockBytes) is { Length: > 0 } lines)
        {
            if (!await blob.TryAppendAsync(lines, stopping)) return false;
            history.Written();
        }
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The history cannot be written, {Pending} entries wait: {Reason}")]
        public static partial void Waits(ILogger logger, int pending, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The history is written again.")]
        public static partial void Recovered(ILogger logger);
    }
}
