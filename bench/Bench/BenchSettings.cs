namespace ModelPlatform.Bench;

/// <param name="Quick">One short round, to see that everything works: its numbers mean little.</param>
/// <param name="Only">The works to do; empty for all.</param>
internal sealed record BenchSettings(bool Quick, IReadOnlyList<string> Only)
{
    public int Rounds => Quick ? 1 : 5;

    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 0.5 : 1);

    public int Reloads => Quick ? 20 : 200;

    public bool Includes(string work) => Only.Count == 0 || Only.Contains(work);

    public TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Quick ? seconds / 3 : seconds);

    /// <exception cref="ArgumentException">Names what is not understood.</exception>
    public static BenchSettings Parse(IReadOnlyList<string> arguments)
    {
        var only = new List<string>();
        var quick = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--quick") quick = true;
            else if (arguments[i] == "--only" && i + 1 < arguments.Count) only.Add(arguments[++i]);
            else throw new ArgumentException($"'{arguments[i]}' is not understood. There are --quick and --only <work>.");
        }
        return new BenchSettings(quick, only);
    }
}
