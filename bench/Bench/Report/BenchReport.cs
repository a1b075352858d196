using System.Globalization;
using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Works;

namespace ModelPlatform.Bench.Report;

/// <summary>Everything that was measured so far.</summary>
internal sealed class BenchReport
{
    private readonly List<Finding> _findings = [];
    private readonly List<(string Title, Series Series)> _measured = [];
    private readonly List<(string File, BarChart Chart)> _charts = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<(string Title, Series Series)> Measured => _measured;

    public IReadOnlyList<(string File, BarChart Chart)> Charts => _charts;

    public void Add(string title, Series series) => _measured.Add((title, series));

    public void Add(Finding finding) => _findings.Add(finding);

    /// <param name="other">What it is divided by; null where there is no such cell.</param>
    public void AddRatio(string work, string against, Budget budget, Series series, string cell, string? other, Func<Sample, double> value, string unit)
    {
        if (other is null || !series.Has(other))
        {
            Add(new Finding(work, against, budget, "×", [], "what it is compared with could not be had here"));
            return;
        }
        Add(new Finding(work, against, budget, "×", series.Pairs(cell, other, (one, two) => value(one) / value(two)), $"{Told(cell)} to {Told(other)} ({other})"));

        string Told(string name)
        {
            var median = series.Spread(name, value).Median;
            return median.ToString(median < 10 ? "0.00" : median < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + unit;
        }
    }

    public void AddValue(string work, string against, Budget budget, string unit, Series series, string cell, Func<Sample, double> value) =>
        Add(new Finding(work, against, budget, unit, series.Values(cell, value), ""));

    public void AddChart(string file, string title, string unit, Series series, Func<Sample, double> value) =>
        _charts.Add((file, new BarChart(title, unit, [.. series.Cells.Select(one => new Bar(one.Cell, series.Spread(one.Cell, value), one.Cell.StartsWith(Platform.Name, StringComparison.Ordinal)))])));
}
