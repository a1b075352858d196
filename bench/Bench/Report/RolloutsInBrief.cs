using System.Globalization;
using System.Text;

namespace ModelPlatform.Bench.Report;

/// <summary>
/// The section of the page of serving that has the main figures of rollouts, taken from their own page: each page is measured by itself, and writing one must not lose
/// what the other says.
/// </summary>
internal static class RolloutsInBrief
{
    private const string Title = "\n## Rollouts\n";
    private const string AnyTitle = "\n## ";

    /// <param name="serving">The page, with or without such a section.</param>
    public static string PutInto(string serving, string rollouts)
    {
        var rest = Without(serving);
        var budgets = rest.IndexOf(AnyTitle, StringComparison.Ordinal);
        var at = budgets < 0 ? -1 : rest.IndexOf(AnyTitle, budgets + 1, StringComparison.Ordinal);
        return at < 0 ? $"{rest.TrimEnd()}\n{Of(rollouts)}" : $"{rest[..at].TrimEnd()}\n{Of(rollouts)}{rest[at..]}";
    }

    private static string Without(string serving)
    {
        var begin = serving.IndexOf(Title, StringComparison.Ordinal);
        if (begin < 0) return serving;
        var end = serving.IndexOf(AnyTitle, begin + 1, StringComparison.Ordinal);
        return end < 0 ? serving[..begin] : serving[..begin] + serving[end..];
    }

    private static string Of(string rollouts)
    {
        var section = new StringBuilder(Title).AppendLine();
        section.AppendLine("A thousand simulated replicas on one ModelSync, a large repository, and two real replicas; [the page of rollouts](benchmarks-rollouts.md) has every figure, and when it was measured.").AppendLine();
        section.AppendLine("| work | budget | measured | |").AppendLine("|---|---|---|---|");
        foreach (var line in rollouts.Split('\n'))
        {
            // | work | against | budget | measured | verdict | remark |
            if (line.Split('|', StringSplitOptions.TrimEntries) is ["", var work, _, { Length: > 0 } budget, var measured, var verdict, .., ""] && !budget.StartsWith("---", StringComparison.Ordinal) && budget != "budget")
                section.AppendLine(CultureInfo.InvariantCulture, $"| {work} | {budget} | {measured} | {verdict} |");
        }
        return section.ToString();
    }
}
