namespace ModelPlatform.Bench.Report;

/// <param name="Origin">Which command writes it.</param>
/// <param name="Analysis">Written by hand and put below the budgets.</param>
internal sealed record ReportPage(string File, string Title, string Origin, string Analysis)
{
    public static readonly ReportPage Serving = new(
        "benchmarks.md", "Benchmarks", "Written by `./build.sh bench`, which measures everything below in one run, but for the section on rollouts: that is taken from [a page of their own](benchmarks-rollouts.md).", "analysis.md");

    public static readonly ReportPage Rollouts = new(
        "benchmarks-rollouts.md", "Benchmarks of rollouts",
        "Written by `./build.sh bench --only rollouts --only planning --only detection` in one run. The [other benchmarks](benchmarks.md) are of serving.", "analysis-rollouts.md");
}
