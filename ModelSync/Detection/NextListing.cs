using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Detection;

/// <summary>When the container is listed next: at the usual pace, but soon where the last look came to nothing, since nobody hints at the same change twice.</summary>
internal sealed class NextListing(IOptions<DetectionOptions> options, TimeProvider time)
{
    private static readonly TimeSpan SoonFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SoonMost = TimeSpan.FromSeconds(30);

    // Of the reconcile loop alone.
    private int _failures;
    private long _since;
    private TimeSpan _wait;

    /// <summary>Not positive: now.</summary>
    public TimeSpan Left => _wait - time.GetElapsedTime(_since);

    /// <param name="isWell">Whether it was read whole, and what follows from it is published.</param>
    public void Listed(bool isWell)
    {
        _failures = isWell ? 0 : _failures + 1;
        Wait(isWell ? options.Value.NextWait() : Soon);
    }

    /// <summary>What was listed is out of date, or could not be published: the next listing comes soon, or earlier where that is its time.</summary>
    public void Spoiled()
    {
        if (Soon is var soon && soon < Left) Wait(soon);
    }

    private TimeSpan Soon
    {
        get
        {
            var most = options.Value.ListEvery < SoonMost ? options.Value.ListEvery : SoonMost;
            return Backoff.After(Math.Max(_failures, 1), SoonFirst, most, Random.Shared.NextDouble());
        }
    }

    private void Wait(TimeSpan wait) => (_since, _wait) = (time.GetTimestamp(), wait);
}
