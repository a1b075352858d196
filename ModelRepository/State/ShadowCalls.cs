namespace ModelPlatform.Repository.State;

/// <summary>What a version that answers nobody did with a share of the live calls.</summary>
/// <param name="Agreed">Calls for which it said what was answered.</param>
/// <param name="RunSeconds">Its own, of all calls together.</param>
/// <param name="ServedRunSeconds">Of the version that answered, for the same calls.</param>
public sealed record ShadowCalls(long Compared = 0, long Agreed = 0, double RunSeconds = 0, double ServedRunSeconds = 0)
{
    public ShadowCalls Plus(ShadowCalls other) =>
        new(Compared + other.Compared, Agreed + other.Agreed, RunSeconds + other.RunSeconds, ServedRunSeconds + other.ServedRunSeconds);
}
