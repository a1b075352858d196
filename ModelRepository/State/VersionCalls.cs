namespace ModelPlatform.Repository.State;

/// <summary>What a replica did with one version since it serves it; it only grows.</summary>
/// <param name="Answered">Calls with an answer.</param>
/// <param name="NotNumbers">Among them those whose answer holds NaN.</param>
/// <param name="Failed">Calls whose run failed.</param>
/// <param name="RunSeconds">Of all answers together, in the graph.</param>
public sealed record VersionCalls(long Answered = 0, long NotNumbers = 0, long Failed = 0, double RunSeconds = 0)
{
    public static VersionCalls None { get; } = new();

    public VersionCalls Plus(VersionCalls other) =>
        new(Answered + other.Answered, NotNumbers + other.NotNumbers, Failed + other.Failed, RunSeconds + other.RunSeconds);

    /// <summary>What came after an earlier reading; everything, where the count began anew meanwhile.</summary>
    public VersionCalls Since(VersionCalls earlier) => Answered < earlier.Answered || Failed < earlier.Failed
        ? this
        : new(Answered - earlier.Answered, NotNumbers - earlier.NotNumbers, Failed - earlier.Failed, RunSeconds - earlier.RunSeconds);
}
