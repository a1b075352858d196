using ModelPlatform.Bench.Load;

namespace ModelPlatform.Bench.Works;

/// <summary>What one round of one cell gave. Milliseconds but for the rate.</summary>
/// <param name="Cpu">Of the server's processes for one answer.</param>
internal sealed record Sample(double PerSecond, double Cpu, double P50, double P99)
{
    public double RefusedPerSecond { get; init; }

    public double RefusedP50 { get; init; } = double.NaN;

    public long Failed { get; init; }

    public string? Failure { get; init; }

    public static Sample Of(LoadResult result) => new(result.PerSecond, result.CpuPerAnswer, result.Answered.Milliseconds(0.5), result.Answered.Milliseconds(0.99))
    {
        RefusedPerSecond = result.Refused.Count / result.Elapsed.TotalSeconds,
        RefusedP50 = result.Refused.Milliseconds(0.5),
        Failed = result.Failed,
        Failure = result.Failure,
    };
}
