using System.Xml.Linq;
using ModelPlatform.Bench.Numbers;
using ModelPlatform.Bench.Report;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class ReportTests
{
    public static TheoryData<bool, double, double[], string, string> Findings => new()
    {
        { true, 0.95, [0.97, 0.90, 0.96], "met", "0.96 (0.90–0.97) ×" },
        { true, 5, [4.0, 4.0, 4.5], "missed by 20 %", "4.00 (4.00–4.50) ×" },
        { false, 0.5, [0.6, 0.2], "met", "0.40 (0.20–0.60) ×" },
        { false, 0.2, [0.5], "missed by 150 %", "0.50 ×" },
        { false, 0.2, [], "not measured", "– ×" },
        { false, 0.2, [double.NaN], "not measured", "– ×" },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void The_median_decides_about_a_budget(bool atLeast, double limit, double[] values, string verdict, string measured)
    {
        var finding = new Finding("work", "peer", new Budget(limit, atLeast), "×", values, "");
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(measured, finding.Measured);
    }

    [Fact]
    public void A_finding_without_a_budget_is_neither_met_nor_missed()
    {
        var finding = new Finding("work", "", null, "s", [2], "");
        Assert.Equal(("", "", false, "2.00 s"), (finding.Limit, finding.Verdict, finding.IsMet, finding.Measured));
    }

    [Fact]
    public void The_columns_of_the_table_stand_below_each_other()
    {
        var lines = ReportTable.Lines([new Finding("a long name of a work", "x", Budget.Least(2), "×", [3], ""), new Finding("short", "peer", Budget.Most(10), "ms", [20], "")]).ToList();
        Assert.Equal(3, lines.Count);
        foreach (var (line, text) in lines.Zip(["budget", "≥ 2.00 ×", "≤ 10.0 ms"])) Assert.Equal(lines[0].IndexOf("budget", StringComparison.Ordinal), line.IndexOf(text, StringComparison.Ordinal));
        Assert.EndsWith("missed by 100 %", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_well_formed_whatever_the_names_are()
    {
        var svg = new BarChart("<throughput>", "a & b", [new Bar("\"ours\"", new Spread(2, 1, 3), true), new Bar("none", Spread.Of([]), false)]).ToSvg();
        var bars = XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "rect").ToList();
        Assert.Equal(2, bars.Count);   // The background, and one for the only value.
    }
}
