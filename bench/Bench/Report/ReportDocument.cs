using System.Globalization;
using System.Text;
using ModelPlatform.Bench.Works;

namespace ModelPlatform.Bench.Report;

/// <summary>A page of the report: the budgets with what was measured, then every number behind them.</summary>
internal static class ReportDocument
{
    /// <param name="kind">Which page it is.</param>
    /// <param name="machine">Lines about where it ran and with which versions.</param>
    /// <param name="analysis">Written by hand: where the time goes.</param>
    public static string Of(ReportPage kind, BenchReport report, IReadOnlyList<string> machine, string analysis)
    {
        var page = new StringBuilder($"""
            # {kind.Title}

            {kind.Origin} What is measured, and how, is in [bench/README.md](../bench/README.md).


            """);
        foreach (var line in machine) page.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        page.AppendLine().AppendLine("## Budgets").AppendLine();
        page.AppendLine("The median of the rounds, in parentheses the least and the greatest; each round compares what it measured itself.").AppendLine();
        page.AppendLine("| work | against | budget | measured | | behind it |").AppendLine("|---|---|---|---|---|---|");
        foreach (var finding in report.Findings)
            page.AppendLine(CultureInfo.InvariantCulture, $"| {finding.Work} | {finding.Against} | {finding.Limit} | {finding.Measured} | {Emphasised(finding)} | {finding.Remark} |");

        page.AppendLine().AppendLine(analysis.Trim());
        if (report.Measured.Count > 0) page.AppendLine().AppendLine("## Every number");
        foreach (var (title, series) in report.Measured) Append(page, title, series);
        if (report.Charts.Count > 0) page.AppendLine();
        foreach (var (file, chart) in report.Charts) page.AppendLine(CultureInfo.InvariantCulture, $"![{chart.Title}]({file})");
        return page.ToString();
    }

    private static string Emphasised(Finding finding) => finding.IsMet || finding.Verdict.Length == 0 ? finding.Verdict : $"**{finding.Verdict}**";

    private static void Append(StringBuilder page, string title, Series series)
    {
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"### {title}").AppendLine();
        page.AppendLine("| | answers/s | p50 ms | p99 ms | CPU-ms each |").AppendLine("|---|---|---|---|---|");
        foreach (var (cell, samples) in series.Cells)
        {
            var failed = samples.Sum(sample => sample.Failed);
            var name = failed > 0 ? $"{cell} (**{failed} failed**)" : cell;
            page.AppendLine($"| {name} | {Number(sample => sample.PerSecond)} | {Number(sample => sample.P50)} | {Number(sample => sample.P99)} | {Number(sample => sample.Cpu)} |");

            string Number(Func<Sample, double> value) => Figures.WithSpread(series.Spread(cell, value));
        }
    }
}
