namespace ModelPlatform.Tests.Soak;

/// <summary>What a long life must not leave behind. One run is looked at from all sides.</summary>
public sealed class SoakTests(SoakRun run, ITestOutputHelper output) : IClassFixture<SoakRun>
{
    // Beside what any moment has more or less of, such as pooled connections: a leak of one in ten reloads would show.
    private const int Slack = 10;

    public static TheoryData<string> Replicas => [.. SoakRun.Replicas];

    public static TheoryData<string> Processes => [.. SoakRun.Replicas, SoakRun.Sync];

    [Fact]
    public void No_request_fails()
    {
        Assert.Empty(run.Failures);
        Assert.NotEqual(0, run.Answers);
    }

    [Theory]
    [MemberData(nameof(Replicas))]
    public void The_cache_fills_up_and_keeps_its_bound(string replica) =>
        Assert.InRange(run.Series.Max(reading => reading[replica].CacheBytes), SoakPlan.CacheBytes / 2, SoakPlan.CacheBytes);

    [Theory]
    [MemberData(nameof(Processes))]
    public void Resident_memory_ends_within_a_tenth_of_what_it_was_once_settled(string process)
    {
        var (settled, end) = Ends(process);
        var growth = end.Resident / settled.Resident - 1;
        output.WriteLine(FormattableString.Invariant($"{process}: {settled.Resident:0.0} MiB, then {end.Resident:0.0} MiB ({growth:+0.0%;-0.0%})"));
        Assert.InRange(end.Resident, 0, 1.1 * settled.Resident);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void Handles_and_threads_do_not_grow(string process)
    {
        var (settled, end) = Ends(process);
        output.WriteLine($"{process}: {settled}, then {end}");
        Assert.InRange(end.Handles, 0, settled.Handles + Slack);
        Assert.InRange(end.Threads, 0, settled.Threads + Slack);
    }

    private (Footprint Settled, Footprint End) Ends(string process) => (run.Series[SoakPlan.Settled - 1][process], run.Series[^1][process]);
}
