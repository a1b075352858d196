namespace ModelPlatform.Tests.Soak;

/// <summary>What a long life must not leave behind. One run is looked at from all sides.</summary>
public sealed class SoakTests(SoakRun run, ITestOutputHelper output) : IClassFixture<SoakRun>
{
    public static TheoryData<string> Processes => ["a", "b", "model-sync"];

    [Fact]
    public void No_request_fails()
    {
        Assert.Empty(run.Failures);
        Assert.NotEqual(0, run.Answers);
    }

    [Fact]
    public void After_the_outage_of_storage_every_replica_converges() => Assert.True(run.ConvergedAfterOutage);

    [Theory]
    [MemberData(nameof(Processes))]
    public void Resident_memory_ends_within_a_tenth_of_what_it_was_once_settled(string process)
    {
        var (settled, end) = Ends(process);
        output.WriteLine(FormattableString.Invariant($"{process}: {settled.Resident:0.0} MiB, then {end.Resident:0.0} MiB ({(end.Resident / settled.Resident - 1) * 100:+0.0;-0.0} %)"));
        Assert.InRange(end.Resident, 0, 1.1 * settled.Resident);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void Handles_and_threads_do_not_grow(string process)
    {
        var (settled, end) = Ends(process);
        output.WriteLine($"{process}: {settled}, then {end}");
        Assert.InRange(end.Handles, 0, settled.Handles + 10);
        Assert.InRange(end.Threads, 0, settled.Threads + 10);
    }

    private (Footprint Settled, Footprint End) Ends(string process) => (run.Series[SoakPlan.Settled - 1][process], run.Series[^1][process]);
}
