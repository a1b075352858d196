using ModelPlatform.Inference.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Exchanges what answers requests, and disposes what answered before once its last request has ended. Used by the reload loop only.</summary>
internal sealed partial class Switchover(
    ModelCatalog catalog, VersionCache cache, AckOutbox acks, DesiredStateFeed feed, TimeProvider time, ILogger<Switchover> logger)
{
    private readonly List<LoadedModel> _retired = [];

    /// <param name="started">When the loading of what is new began; null where nothing was loaded.</param>
    public void Serve(DesiredState state, ModelName name, ModelReload model, IReadOnlyList<VersionKey> serve, long? started = null)
    {
        var before = catalog.Of(name);
        if (before.Select(served => new VersionKey(served.Id.Version, served.Identity)).SequenceEqual(serve)) return;

        var next = model.Pick(serve).ToList();
        var retired = catalog.Replace(name, next);
        foreach (var served in next.Except(before))
        {
            var seconds = started is null ? (double?)null : time.GetElapsedTime(started.Value).TotalSeconds;
            acks.Report(state.Ack(served.Id, served.Identity, AckState.Serving) with { Seconds = seconds, Signature = served.Signature });
            Log.Serving(logger, served.Id, seconds ?? 0);
        }
        foreach (var old in retired)
        {
            Retire(model, old);
            if (next.All(served => served.Id != old.Id)) acks.Report(state.Ack(old.Id, old.Identity, AckState.Unloaded));
            Log.Retired(logger, old.Id);
        }
    }

    /// <summary>Lets go of what is in memory for nothing: a shadow that was loaded when nobody wanted it any more, or that is not to answer after all.</summary>
    /// <param name="keep">What answers, and what runs in its shadow or is about to.</param>
    public void Tidy(DesiredState state, ModelReload model, IReadOnlyList<VersionKey> keep)
    {
        foreach (var idle in model.Besides(keep))
        {
            Retire(model, idle);
            idle.Release();
            acks.Report(state.Ack(idle.Id, idle.Identity, AckState.Unloaded));
        }
    }

    private void Retire(ModelReload model, LoadedModel old)
    {
        model.Retired(old);
        old.Runners.Tap = null;
        _retired.Add(old);
        old.Drained.ContinueWith(_ => feed.Changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Lets versions go before their successor is there: where nothing else is left to serve, requests are told to come again.</summary>
    public void Pause(DesiredState state, ModelName name, ModelReload model, IReadOnlyList<VersionKey> serve, ModelId successor)
    {
        if (serve.Count == 0)
        {
            catalog.Pause(name, $"Model '{name}' is changing to version {successor.Version}, for which the one before had to leave memory. It answers again once that is loaded.");
            Log.Paused(logger, successor);
        }
        Serve(state, name, model, serve);
    }

    /// <summary>Returns when nothing is in memory any more of what a model has served before.</summary>
    public async Task DrainAsync(ModelName name, CancellationToken cancelled)
    {
        await Task.WhenAll(_retired.Where(model => model.Id.Name == name).Select(model => model.Drained)).WaitAsync(cancelled);
        await DisposeDrainedAsync();
    }

    public async Task DisposeDrainedAsync()
    {
        foreach (var model in _retired.Where(model => model.Drained.IsCompleted).ToList())
        {
            _retired.Remove(model);
            await model.DisposeAsync();
        }
    }

    /// <summary>Brings the cache back to its bound. One that cannot be tidied is no reason to doubt what is served, which is in memory.</summary>
    public void MakeRoom(DesiredState state)
    {
        try { cache.Trim(state.Models.Values.SelectMany(wanted => wanted.Held()).ToHashSet()); }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException) { Log.NotTidied(logger, disk); }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Serving {Model} after {Seconds:0.000} s.")]
        public static partial void Serving(ILogger logger, ModelId model, double seconds);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Not serving {Model} any more.")]
        public static partial void Retired(ILogger logger, ModelId model);

        [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Nothing of the model is served until {Successor} is loaded: its transition is 'memory'.")]
        public static partial void Paused(ILogger logger, ModelId successor);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The cache could not be tidied.")]
        public static partial void NotTidied(ILogger logger, Exception reason);
    }
}
