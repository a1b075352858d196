using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Report;
using ModelPlatform.Bench.Simulation;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Works;

/// <summary>Passes over a large repository in which nothing changes.</summary>
internal static class Planning
{
    private const int Models = 500;
    private const int Versions = 4;
    private const int UploadsAtOnce = 16;
    private const string ListCalls = "modelplatform_sync_list_calls_total";
    // Of 5000 names each; the platform's own document is on the third.
    private const int Pages = 3;
    private static readonly string[] Files = ["model.onnx", "labels.txt", "golden/input.bin", "golden/output.bin"];
    private static readonly TimeSpan ListEvery = TimeSpan.FromSeconds(0.1);

    public static async Task RunAsync(Workbench bench)
    {
        await using var storage = await EmulatedStorage.StartAsync();
        bench.Progress.Say($"uploading {Blobs(bench)} blobs");
        await UploadAsync(storage, ModelsOf(bench));
        await using var sync = await OurService.SyncAsync(storage, FreePort.Next(), new()
        {
            ["Metrics__Prometheus"] = "true",
            ["Detection__ListEvery"] = ListEvery.ToString("c", CultureInfo.InvariantCulture),
            ["Detection__Jitter"] = "00:00:00",
        });
        using var client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sync.Port}")) };
        var (few, many, window) = bench.Settings.Quick ? (3, 10, 3) : (10, 80, 20);
        var before = await ReadAsync(few);
        var early = await LeastHeapAsync(few + window);
        await ReadAsync(many);
        var late = await LeastHeapAsync(many + window);
        var after = await ReadAsync(many + window);
        Tell(bench, before, after, await ListAsync(storage, bench.Settings.Quick ? 3 : 10), early, late);

        async Task<Reading> ReadAsync(int passes)
        {
            while (true)
            {
                var reading = Reading.Of(await Scrape.OfAsync(client), sync, storage, bench.Settings.Quick ? 1 : Pages);
                if (reading.Passes >= passes) return reading;
                await Task.Delay(TimeSpan.FromSeconds(0.5));
            }
        }

        // Most collections are of what is young, and leave garbage among the old: the least of several is closest to what lives.
        async Task<double> LeastHeapAsync(int passes)
        {
            var least = double.PositiveInfinity;
            while (true)
            {
                var scrape = await Scrape.OfAsync(client);
                least = Math.Min(least, scrape.Sum("dotnet_gc_last_collection_heap_size_bytes") / 1048576);
                if (scrape.Sum(ListCalls) / (bench.Settings.Quick ? 1 : Pages) >= passes) return least;
                await Task.Delay(TimeSpan.FromSeconds(0.1));
            }
        }
    }

    /// <returns>Seconds of CPU that the storage library takes here for one listing as ModelSync makes it.</returns>
    private static async Task<double> ListAsync(EmulatedStorage storage, int listings)
    {
        // The first ones make it compile.
        for (var warm = 0; warm < 3; warm++) await CountAsync();
        var spent = Environment.CpuUsage.TotalTime;
        for (var listing = 0; listing < listings; listing++) await CountAsync();
        return (Environment.CpuUsage.TotalTime - spent).TotalSeconds / listings;

        async Task CountAsync()
        {
            await foreach (var _ in storage.Blobs.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, default).AsPages(pageSizeHint: 5000)) { }
        }
    }

    private static void Tell(Workbench bench, Reading before, Reading after, double library, double early, double late)
    {
        var passes = after.Passes - before.Passes;
        var cpu = (after.Cpu - before.Cpu) / passes / 1000;
        var wall = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds / passes - ListEvery.TotalSeconds;
        var ofStorage = (after.StorageCpu - before.StorageCpu) / passes / 1000;
        var what = $"{Blobs(bench):#,0} blobs, {ModelsOf(bench)} models";
        bench.Report.Add(new Finding($"CPU of ModelSync for a pass, {what}", "", Budget.Most(0.3), "s", [cpu],
            FormattableString.Invariant($"over {passes:0} passes; {(after.Allocated - before.Allocated) / passes:0.0} MiB allocated in each")));
        bench.Report.Add(new Finding("the same: of it the storage library's, which reads the listing", "", null, "s", [library], "measured apart, by listings alone"));
        bench.Report.Add(new Finding("the same: time of storage", "", null, "s", [wall - cpu],
            FormattableString.Invariant($"{wall:0.00} s from the start of a pass to its end; the emulator's CPU {ofStorage:0.00} s, on the same two cores")));
        bench.Report.Add(new Finding(FormattableString.Invariant($"heap of ModelSync after {after.Passes:0} passes over the same"), FormattableString.Invariant($"after {before.Passes:0}"), Budget.Most(1.1), "×", [late / early],
            FormattableString.Invariant($"{late:0.0} MiB to {early:0.0} MiB, the least that any collection of {(bench.Settings.Quick ? 3 : 20)} passes left; proportional set size {after.Memory:0} MiB to {before.Memory:0} MiB")));
        foreach (var line in ReportTable.Lines(bench.Report.Findings.TakeLast(4).ToList())) bench.Progress.Say(line);
    }

    private static async Task UploadAsync(EmulatedStorage storage, int models) => await Parallel.ForAsync(0, models * Versions, new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce }, async (number, _) =>
    {
        var id = new ModelId(ModelName.Parse($"model-{number / Versions:000}"), new ModelVersion(number % Versions + 1));
        await storage.Blobs.CommitAsync(id, Files.ToDictionary(file => file, file => System.Text.Encoding.UTF8.GetBytes($"{file} of {id}")));
    });

    private static int ModelsOf(Workbench bench) => bench.Settings.Quick ? 100 : Models;

    private static int Blobs(Workbench bench) => ModelsOf(bench) * Versions * (Files.Length + 1);

    private sealed record Reading(double Passes, long At, double Cpu, double StorageCpu, double Allocated, double Memory)
    {
        public static Reading Of(Scrape scrape, Server sync, EmulatedStorage storage, int pages) => new(
            scrape.Sum(ListCalls) / pages, Stopwatch.GetTimestamp(), sync.CpuMilliseconds(), storage.CpuMilliseconds(),
            scrape.Sum("dotnet_gc_heap_total_allocated_bytes_total") / 1048576, sync.ProportionalMebibytes);
    }
}
