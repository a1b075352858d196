using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Report;
using ModelPlatform.Bench.Simulation;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Works;

/// <summary>From the commit of a new version to the last of two real replicas that serves it, one after the other as a rollout has it.</summary>
internal static class Detection
{
    private const int Replicas = 2;
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);
    private static readonly ModelName Model = ModelName.Parse("fashion");

    public static async Task RunAsync(Workbench bench)
    {
        await RunAsync(bench, TimeSpan.FromSeconds(1), events: false);
        await RunAsync(bench, TimeSpan.FromHours(1), events: true);
    }

    private static async Task RunAsync(Workbench bench, TimeSpan listEvery, bool events)
    {
        var cache = Directory.CreateTempSubdirectory("bench-cache-").FullName;
        try
        {
            await using var storage = await EmulatedStorage.StartAsync();
            await CommitAsync(storage, 1);
            await using var sync = await OurService.SyncAsync(storage, FreePort.Next(), new()
            {
                ["Metrics__Prometheus"] = "true",
                ["Events__Key"] = BlobEvents.Key,
                ["Detection__ListEvery"] = listEvery.ToString("c", CultureInfo.InvariantCulture),
                ["Detection__Jitter"] = "00:00:00",
            });
            await using var one = await ReplicaAsync(storage, sync, Path.Combine(cache, "1"));
            await using var other = await ReplicaAsync(storage, sync, Path.Combine(cache, "2"));
            await ChangeAsync(bench, storage, sync, [one, other], listEvery, events ? new BlobEvents(sync) : null);
        }
        finally { Directory.Delete(cache, recursive: true); }
    }

    private static async Task ChangeAsync(Workbench bench, EmulatedStorage storage, Server sync, IReadOnlyList<Server> replicas, TimeSpan listEvery, BlobEvents? events)
    {
        var changes = bench.Settings.Quick ? 5 : 50;
        // Commits must fall anywhere between two listings.
        var random = new Random(1);
        using var client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sync.Port}")) };
        List<double> total = [];
        List<double> beyond = [];
        // Not counted: a ModelSync that has just begun waits Rollouts:Settle for replicas to come, before it takes those that are there for all.
        await CommitAsync(storage, 2);
        if (events is not null) await events.TellAsync($"{Model}/2/{RepositoryLayout.ManifestName}");
        foreach (var replica in replicas) await ServesAsync(client, replica, 2);
        var lists = await ListsAsync();
        for (var version = 3; version < 3 + changes; version++)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble()));
            // The first file has an event too, after which the next one is made to wait.
            if (events is not null) await events.TellAsync($"{Model}/{version}/labels.txt");
            await CommitAsync(storage, version);
            var committed = Stopwatch.GetTimestamp();
            if (events is not null) await events.TellAsync($"{Model}/{version}/{RepositoryLayout.ManifestName}");
            foreach (var replica in replicas) await ServesAsync(client, replica, version);
            total.Add(Stopwatch.GetElapsedTime(committed).TotalSeconds);
            beyond.Add(total[^1] - await LoadTimeAsync(client, version));
        }
        var calls = (await ListsAsync() - lists) / changes;
        if (events is null) Tell(bench, $"by listings every {listEvery.TotalSeconds} s", total, beyond, Budget.Most((listEvery + Allowed).TotalSeconds));
        else Tell(bench, "by events", total, beyond, Budget.Most(Allowed.TotalSeconds));
        if (events is not null)
        {
            bench.Report.Add(new Finding("list calls for a change, by events", "", null, "calls", [calls], "of up to 5,000 blobs each, besides one at each `Detection:ListEvery`"));
            events.Dispose();
        }

        async Task<double> ListsAsync() => (await Scrape.OfAsync(client)).Sum("modelplatform_sync_list_calls_total");
    }

    private static void Tell(Workbench bench, string how, List<double> total, List<double> beyond, Budget most)
    {
        bench.Report.Add(new Finding($"commit to {Replicas} replicas serving, {how}: median", "", null, "s", total, $"{total.Count} changes"));
        bench.Report.Add(new Finding($"commit to {Replicas} replicas serving, {how}: slowest, less the load of one replica", "", most, "s", [beyond.Max()],
            FormattableString.Invariant($"median {Numbers.Spread.Of(beyond).Median:0.00} s; the replicas load one after the other")));
        foreach (var line in ReportTable.Lines(bench.Report.Findings.TakeLast(2).ToList())) bench.Progress.Say(line);
    }

    /// <summary>As the slower replica says; it may say it a moment after it serves.</summary>
    private static async Task<double> LoadTimeAsync(HttpClient client, int version)
    {
        while (true)
        {
            var all = await client.GetFromJsonAsync(new Uri(SyncRoutes.Replicas, UriKind.Relative), RepositoryJson.Default.IReadOnlyListReplicaStatus);
            var said = all!.Select(replica => replica.Models.GetValueOrDefault(Model)?.GetValueOrDefault(new ModelVersion(version))?.Seconds).OfType<double>().ToList();
            if (said.Count == Replicas) return said.Max();
            await Task.Delay(Between);
        }
    }

    private static async Task ServesAsync(HttpClient client, Server replica, int version)
    {
        var waiting = Stopwatch.GetTimestamp();
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{replica.Port}/v2/models/{Model}/versions/{version}/ready")));
            if (answer.IsSuccessStatusCode) return;
            if (Stopwatch.GetElapsedTime(waiting) > Patience) throw new InvalidOperationException($"{Model} {version} is not served.");
            await Task.Delay(Between);
        }
    }

    /// <summary>The sample, with a file in it that makes each version another content.</summary>
    private static Task CommitAsync(EmulatedStorage storage, int version)
    {
        var folder = ModelShelf.Fashion.Folder;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);
        var draft = files.Remove(RepositoryLayout.ManifestName, out var json) ? JsonNode.Parse(json)!.AsObject() : null;
        files["version.txt"] = System.Text.Encoding.UTF8.GetBytes($"{version}");
        return storage.Blobs.CommitAsync(new ModelId(Model, new ModelVersion(version)), files, draft);
    }

    private static Task<Server> ReplicaAsync(EmulatedStorage storage, Server sync, string cache) =>
        OurService.ReplicaAsync(storage, sync.Port, cache, new() { ["Kestrel__Endpoints__grpc__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}") });
}
