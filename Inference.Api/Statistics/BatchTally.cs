namespace ModelPlatform.Inference.Statistics;

/// <summary>Runs of one number of rows.</summary>
internal sealed class BatchTally
{
    private readonly Tally _input = new();
    private readonly Tally _infer = new();
    private readonly Tally _output = new();

    public void Add(RunTimes times)
    {
        _input.Add(times.Input);
        _infer.Add(times.Infer);
        _output.Add(times.Output);
    }

    public BatchTotals Read(int rows) => new(rows, _input.Read(), _infer.Read(), _output.Read());
}
