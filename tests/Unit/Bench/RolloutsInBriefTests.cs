using ModelPlatform.Bench.Report;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class RolloutsInBriefTests
{
    private const string Serving = "# Benchmarks\n\n## Budgets\n\n| a |\n\n## Where the time goes\n\nThere.\n";

    private const string Rollouts = """
        # Benchmarks of rollouts

        | work | against | budget | measured | | behind it |
        |---|---|---|---|---|---|
        | all connect |  |  | 2.39 s |  | 1 s of it is the load |
        | memory |  | ≤ 50.0 kB | 40.0 kB | met | 100 to 60 |
        | p99 |  | ≤ 1,000 ms | 2,000 ms | **missed by 100 %** | 20 changes |
        """;

    [Fact]
    public void What_has_a_budget_comes_behind_those_of_serving()
    {
        var page = RolloutsInBrief.PutInto(Serving, Rollouts);
        Assert.StartsWith("# Benchmarks\n\n## Budgets\n\n| a |\n\n## Rollouts\n", page, StringComparison.Ordinal);
        Assert.EndsWith("|---|---|---|---|\n| memory | ≤ 50.0 kB | 40.0 kB | met |\n| p99 | ≤ 1,000 ms | 2,000 ms | **missed by 100 %** |\n\n## Where the time goes\n\nThere.\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_there_is_replaced_and_nothing_else_changes()
    {
        var before = RolloutsInBrief.PutInto(Serving, Rollouts.Replace("40.0 kB", "90.0 kB", StringComparison.Ordinal));
        Assert.Equal(RolloutsInBrief.PutInto(Serving, Rollouts), RolloutsInBrief.PutInto(before, Rollouts));
    }

    [Fact]
    public void A_page_without_titles_keeps_what_it_has() => Assert.StartsWith("something\n\n## Rollouts\n", RolloutsInBrief.PutInto("something", Rollouts), StringComparison.Ordinal);
}
