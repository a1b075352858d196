namespace ModelPlatform.Tests.EndToEnd;

internal static class Distribution
{
    public static string Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalSeconds).Order().ToList();
        return FormattableString.Invariant(
            $"n {sorted.Count}, min {sorted[0]:0.000} s, median {sorted[sorted.Count / 2]:0.000} s, p90 {sorted[sorted.Count * 9 / 10]:0.000} s, max {sorted[^1]:0.000} s");
    }
}
