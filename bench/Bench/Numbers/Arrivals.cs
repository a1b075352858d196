namespace ModelPlatform.Bench.Numbers;

/// <summary>When requests are due: at random and independent of each other (a Poisson process), the same for the same seed.</summary>
/// <param name="atOnce">That many are due at the very beginning, to fill a queue.</param>
internal sealed class Arrivals(double perSecond, int seed, int atOnce = 0)
{
    private readonly Random _random = new(seed);
    private int _atOnce = atOnce;
    private double _seconds;

    /// <summary>The next one, counted from the beginning.</summary>
    public TimeSpan Next()
    {
        if (_atOnce > 0)
        {
            _atOnce--;
            return TimeSpan.Zero;
        }
        _seconds -= Math.Log(1 - _random.NextDouble()) / perSecond;
        return TimeSpan.FromSeconds(_seconds);
    }
}
