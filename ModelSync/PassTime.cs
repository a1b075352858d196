namespace ModelPlatform.Sync;

/// <summary>When a pass began, as a date for its spans. What is measured, and every later date of the pass, is by the timer: a clock that is set shortens nothing.</summary>
internal sealed class PassTime(TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    public DateTimeOffset Began { get; } = time.GetUtcNow();

    public TimeSpan Elapsed => time.GetElapsedTime(_began);

    public DateTimeOffset Now => Began + Elapsed;
}
