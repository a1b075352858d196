namespace ModelPlatform.ServiceDefaults;

/// <summary>How long to wait after so many failures in a row: doubling, capped, and spread so that many do not come back all at once.</summary>
public static class Backoff
{
    /// <param name="failures">At least 1.</param>
    /// <param name="luck">0 to 1; the wait is between half of the full length and all of it.</param>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan most, double luck)
    {
        var full = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 30)), most.TotalSeconds);
        return TimeSpan.FromSeconds(full * (0.5 + luck / 2));
    }
}
