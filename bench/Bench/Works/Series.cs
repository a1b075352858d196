using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Works;

/// <summary>The samples of all cells of a work, round by round.</summary>
internal sealed class Series
{
    private readonly List<(string Cell, List<Sample> Samples)> _cells = [];

    public IReadOnlyList<(string Cell, List<Sample> Samples)> Cells => _cells;

    public void Add(string cell, Sample sample)
    {
        var known = _cells.FindIndex(one => one.Cell == cell);
        if (known < 0) _cells.Add((cell, [sample]));
        else _cells[known].Samples.Add(sample);
    }

    public bool Has(string cell) => _cells.Exists(one => one.Cell == cell);

    public Spread Spread(string cell, Func<Sample, double> value) => Numbers.Spread.Of(SamplesOf(cell).Select(value));

    public IReadOnlyList<double> Values(string cell, Func<Sample, double> value) => [.. SamplesOf(cell).Select(value)];

    /// <summary>Round by round, so that what slows a whole round down drops out.</summary>
    public IReadOnlyList<double> Pairs(string cell, string other, Func<Sample, Sample, double> value) =>
        [.. SamplesOf(cell).Zip(SamplesOf(other), value)];

    /// <summary>The one of several cells that answered most.</summary>
    public string? Fastest(IEnumerable<string> cells) => cells.Where(Has).MaxBy(cell => Spread(cell, sample => sample.PerSecond).Median);

    private List<Sample> SamplesOf(string cell) => _cells.Find(one => one.Cell == cell).Samples ?? [];
}
