using System.Diagnostics;

namespace ModelPlatform.Bench;

/// <summary>Says what is done and how long everything still takes, as far as was planned.</summary>
internal sealed class Progress(TimeSpan expected)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _left = expected;
    private TimeSpan _begun;
    private TimeSpan _expected;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Begin(TimeSpan takes) => (_begun, _expected, _left) = (Elapsed, takes, _left - takes);

    public void Say(string text)
    {
        var rest = _expected - (Elapsed - _begun);
        var left = _left + (rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        Console.WriteLine($"[{Elapsed:mm\\:ss}, about {Math.Ceiling(left.TotalMinutes):0} min left] {text}");
    }
}
