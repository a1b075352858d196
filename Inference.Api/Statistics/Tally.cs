namespace ModelPlatform.Inference.Statistics;

/// <summary>How often something was, and how long in all; it only grows. Any number of threads add to it without waiting for each other.</summary>
internal sealed class Tally
{
    private long _count;
    private long _ticks;

    public long Count => Volatile.Read(ref _count);

    public void Add(TimeSpan duration)
    {
        Interlocked.Add(ref _ticks, duration.Ticks);
        Interlocked.Increment(ref _count);
    }

    public Total Read() => new(Volatile.Read(ref _count), Volatile.Read(ref _ticks) * TimeSpan.NanosecondsPerTick);
}
