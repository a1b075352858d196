namespace ModelPlatform.Bench.Works;

internal sealed record Cell(string Name, Func<Task<Sample>> MeasureAsync);

/// <summary>Measures cells in turns, each round beginning with another one: what else the machine does hits all of them alike.</summary>
internal static class Rounds
{
    public static async Task<Series> MeasureAsync(this Workbench bench, string work, IReadOnlyList<Cell> cells)
    {
        // In the order in which they are told of.
        var series = new Series();
        var measured = cells.ToDictionary(cell => cell.Name, _ => new List<Sample>());
        for (var round = 0; round < bench.Settings.Rounds; round++)
        {
            for (var i = 0; i < cells.Count; i++)
            {
                var cell = cells[(i + round) % cells.Count];
                var sample = await cell.MeasureAsync();
                measured[cell.Name].Add(sample);
                bench.Progress.Say($"{work}, round {round + 1} of {bench.Settings.Rounds}: {Told(cell.Name, sample)}");
            }
        }
        foreach (var cell in cells) measured[cell.Name].ForEach(sample => series.Add(cell.Name, sample));
        bench.Report.Add(work, series);
        return series;
    }

    private static string Told(string cell, Sample sample)
    {
        var told = FormattableString.Invariant($"{cell} {sample.PerSecond:0.#}/s, p50 {sample.P50:0.00} ms, p99 {sample.P99:0.00} ms, {sample.Cpu:0.000} CPU-ms each");
        if (sample.RefusedPerSecond > 0) told += FormattableString.Invariant($", {sample.RefusedPerSecond:0}/s refused");
        return sample.Failed > 0 ? $"{told}, {sample.Failed} FAILED ({sample.Failure})" : told;
    }
}
