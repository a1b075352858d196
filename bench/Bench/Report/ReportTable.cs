namespace ModelPlatform.Bench.Report;

/// <summary>The budgets as the console shows them.</summary>
internal static class ReportTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<Finding> findings)
    {
        List<string[]> rows = [["work", "against", "budget", "measured", ""], .. findings.Select(finding => (string[])[finding.Work, finding.Against, finding.Limit, finding.Measured, finding.Verdict])];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return rows.Select(row => string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }
}
