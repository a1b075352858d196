using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Load;

/// <param name="Connections">Requests on their way at the same time, at most.</param>
/// <param name="WarmUp">Before anything is counted.</param>
/// <param name="Arrivals">When requests are due, whatever the answers do (an open loop); null: each answer brings the next request (a closed loop).</param>
internal sealed record LoadPlan(int Connections, TimeSpan WarmUp, TimeSpan Measured, Arrivals? Arrivals = null)
{
    /// <summary>Ends after so many answers, for runs that are not about time.</summary>
    public long Answers { get; init; } = long.MaxValue;
}

/// <summary>What came back within the measured time. An answer is late from when its request was due, not from when a connection was free for it.</summary>
/// <param name="CpuMilliseconds">That the server's processes took meanwhile.</param>
internal sealed record LoadResult(TimeSpan Elapsed, Latencies Answered, Latencies Refused, long Failed, string? Failure, double CpuMilliseconds)
{
    public double PerSecond => Answered.Count / Elapsed.TotalSeconds;

    public double CpuPerAnswer => CpuMilliseconds / Answered.Count;
}
