using System.Diagnostics;
using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Report;
using ModelPlatform.Bench.Simulation;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Works;

/// <summary>A thousand simulated replicas, as many as one ModelSync takes by default, which otherwise runs with its defaults too.</summary>
internal static class Rollouts
{
    private const int Replicas = 1000;
    private const int Few = 10;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Workbench bench)
    {
        await using var storage = await EmulatedStorage.StartAsync();
        await FleetTrial.WantLatestAsync(storage);
        await FleetTrial.CommitAsync(storage, 1);
        await using var sync = await OurService.SyncAsync(storage, FreePort.Next(), new() { ["Metrics__Prometheus"] = "true" });
        // What any first replica and any first rollout make it load and compile is no replica's.
        await using (var few = await SimulatedFleet.StartAsync(Few, sync, storage, TimeSpan.Zero, FleetTrial.Version(1)))
        {
            await new FleetTrial(storage, sync, few).RollOutAsync(2);
            await Task.Delay(Settled);
        }
        await Task.Delay(Settled);
        var without = sync.ProportionalMebibytes;

        var connecting = Stopwatch.GetTimestamp();
        await using var fleet = await SimulatedFleet.StartAsync(Replicas, sync, storage, FleetTrial.LoadTime, FleetTrial.Version(2));
        await fleet.QuietAsync();
        bench.Report.Add(new Finding($"{Replicas:#,0} replicas connect at once and serve", "", null, "s", [Stopwatch.GetElapsedTime(connecting).TotalSeconds],
            FormattableString.Invariant($"{FleetTrial.LoadTime.TotalSeconds:0.#} s of it is the simulated load")));

        await Task.Delay(Settled);
        await MemoryAsync("just connected");

        var trial = new FleetTrial(storage, sync, fleet);
        await trial.RollOutAsync(3);
        await ChangesAsync(bench, trial);
        await RolloutsAsync(bench, trial);
        await MemoryAsync("right after rollouts");
        await IdleAsync(bench, trial);
        await MemoryAsync("at rest");

        async Task MemoryAsync(string when)
        {
            var with = sync.ProportionalMebibytes;
            var each = (with - without) * 1024 / Replicas;
            var heap = (await Scrape.OfAsync(fleet.Client)).Sum("dotnet_gc_last_collection_heap_size_bytes") / 1048576;
            bench.Progress.Say(FormattableString.Invariant($"memory {when}: {with:0.0} MiB with {Replicas} watches, {without:0.0} MiB with none: {each:0.0} kB each; heap {heap:0.0} MiB"));
            bench.Report.Add(new Finding($"memory of ModelSync per replica, {when}", "", Budget.Most(50), "kB", [each], FormattableString.Invariant($"{with:0} MiB to {without:0} MiB")));
        }
    }

    private static async Task ChangesAsync(Workbench bench, FleetTrial trial)
    {
        var changes = bench.Settings.Quick ? 4 : 20;
        trial.Fleet.Generations.Forget();
        for (var change = 1; change <= changes; change++) await trial.ChangeAsync(2 + change % 2);
        var delays = trial.Fleet.Generations.Delays;
        var remark = FormattableString.Invariant($"{changes} changes, {delays.Count:#,0} deliveries, the write to storage included");
        Add("p50", 0.5, null);
        Add("p99", 0.99, Budget.Most(1000));
        Add("the last of all", 1, null);

        void Add(string what, double share, Budget? budget)
        {
            bench.Progress.Say(FormattableString.Invariant($"a generation reaches {Replicas} replicas, {what}: {delays.Milliseconds(share):0} ms"));
            bench.Report.Add(new Finding($"a generation reaches {Replicas:#,0} replicas, {what}", "", budget, "ms", [delays.Milliseconds(share)], remark));
        }
    }

    private static async Task RolloutsAsync(Workbench bench, FleetTrial trial)
    {
        List<double> seconds = [];
        List<double> cpu = [];
        var before = trial.Fleet.Documents.All.Count;
        for (var round = 1; round <= Rounds(bench); round++)
        {
            var spent = trial.Sync.CpuMilliseconds();
            seconds.Add((await trial.RollOutAsync(3 + round) - FleetTrial.Bake).TotalSeconds);
            cpu.Add((trial.Sync.CpuMilliseconds() - spent) / 1000);
            bench.Progress.Say(FormattableString.Invariant($"rollout {round} of {Rounds(bench)}: {seconds[^1]:0.00} s besides the bake, {cpu[^1]:0.00} s of CPU"));
        }
        var documents = (trial.Fleet.Documents.All.Count - before) / Rounds(bench);
        bench.Report.Add(new Finding($"rollout over {Replicas:#,0} replicas, besides the bake", "", Budget.Most(15), "s", seconds,
            FormattableString.Invariant($"`first` 1, `atOnce` 100, loads of {FleetTrial.LoadTime.TotalSeconds:0.#} s, `bake` {FleetTrial.Bake.TotalSeconds:0.#} s; {documents} generations, {trial.Fleet.Documents.Pointers} documents too large for an event")));
        bench.Report.Add(new Finding("the same: CPU of ModelSync", "", null, "s", cpu, ""));
    }

    // Each takes a quarter of a minute, and they differ little.
    private static int Rounds(Workbench bench) => Math.Min(3, bench.Settings.Rounds);

    private static async Task IdleAsync(Workbench bench, FleetTrial trial)
    {
        // Replicas close the connections of their acks after a minute, and ModelSync gives memory back when nothing has happened for a while.
        var idle = TimeSpan.FromSeconds(bench.Settings.Quick ? 65 : 100);
        var (began, lists, spent) = (Stopwatch.GetTimestamp(), await ListsAsync(), trial.Sync.CpuMilliseconds());
        await Task.Delay(idle);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var share = (trial.Sync.CpuMilliseconds() - spent) / elapsed.TotalMilliseconds * 100;
        var calls = await ListsAsync() - lists;
        bench.Progress.Say(FormattableString.Invariant($"idle: {share:0.0} % of a core, {calls} list calls in {elapsed.TotalSeconds:0} s"));
        bench.Report.Add(new Finding($"CPU between changes, {Replicas:#,0} replicas", "", null, "% of a core", [share],
            FormattableString.Invariant($"{share * 0.6:0.0} s in a minute; heartbeats, asking each replica whether it is ready, the health page's report")));
        bench.Report.Add(new Finding("list calls in an hour, nothing changing, `Detection` at its defaults", "", null, "calls", [calls * 3600 / elapsed.TotalSeconds],
            FormattableString.Invariant($"{calls} in {elapsed.TotalSeconds:0} s; for each 5,000 blobs. With events and `Detection:ListEvery` at its most, 1")));

        async Task<double> ListsAsync() => (await Scrape.OfAsync(trial.Fleet.Client)).Sum("modelplatform_sync_list_calls_total");
    }
}
