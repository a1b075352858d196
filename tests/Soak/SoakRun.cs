using System.Diagnostics;
using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Soak;

/// <summary>
/// The real services as plain processes under steady load: version after version, some of them broken, then storage away for long, then one more
/// version. A change that does not reach every replica ends it; what else must hold is said by <see cref="SoakTests"/>.
/// </summary>
public sealed class SoakRun : IAsyncLifetime
{
    public const string Sync = "model-sync";
    public static readonly string[] Replicas = ["a", "b"];
    private const int TellEvery = 10;
    private static readonly TimeSpan TellOutageEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromMinutes(2);

    private readonly SoakPlan _plan = SoakPlan.FromEnvironment();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _version;

    internal List<IReadOnlyDictionary<string, Footprint>> Series { get; } = [];

    internal IReadOnlyCollection<string> Failures { get; private set; } = [];

    internal int Answers { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await using var platform = await PlainPlatform.StartAsync();
        foreach (var replica in Replicas) platform.StartReplica(replica, ("Cache__MaxBytes", $"{SoakPlan.CacheBytes}"));
        await ChangeAsync(platform);
        await using var load = ScoringLoad.Start([.. Replicas.Select(platform.AddressOf)]);

        await ReloadAsync(platform, load);
        await LoseStorageAsync(platform, load);

        await load.StopAsync();
        Say(load.Summary);
        (Failures, Answers) = (load.Failures, load.Answers);
    }

    public ValueTask DisposeAsync() => default;

    private async Task ReloadAsync(PlainPlatform platform, ScoringLoad load)
    {
        for (var reload = 1; reload <= _plan.Reloads; reload++)
        {
            if (reload % BrokenVersion.Every == 0) await RejectAsync(platform);
            await ChangeAsync(platform);
            await ReadAsync(platform);
            if (reload % TellEvery == 0) Tell($"{reload,4} reloads", load);
        }
    }

    private async Task LoseStorageAsync(PlainPlatform platform, ScoringLoad load)
    {
        await platform.Azurite.StopAsync();
        var away = Stopwatch.StartNew();
        for (var left = _plan.Outage; left > TimeSpan.Zero; left = _plan.Outage - away.Elapsed)
        {
            await Task.Delay(left < TellOutageEvery ? left : TellOutageEvery, TestContext.Current.CancellationToken);
            await ReadAsync(platform);
            Tell($"storage away for {away.Elapsed:mm\\:ss}", load);
        }
        await platform.Azurite.StartAsync();
        await ChangeAsync(platform, AfterOutage);
        await ReadAsync(platform);
        Tell("storage is back", load);
    }

    private async Task ChangeAsync(PlainPlatform platform, TimeSpan? atMost = null)
    {
        await PublishAsync(platform, ScoringLoad.FolderOf(++_version), BrokenVersion.Edition(_version));
        await platform.AnswersAsync(ScoringLoad.Model, _version, atMost, Replicas);
    }

    private async Task RejectAsync(PlainPlatform platform)
    {
        var (folder, files) = BrokenVersion.Next(++_version);
        await PublishAsync(platform, folder, files);
        await Quarantine.OfAsync(platform.Client, platform.Sync, ScoringLoad.Model, _version);
    }

    private async Task PublishAsync(PlainPlatform platform, string folder, Dictionary<string, byte[]> files)
    {
        if (_version > SoakPlan.Kept) await platform.Repository.DeleteAsync(Id(_version - SoakPlan.Kept));
        await platform.Repository.PublishFolderAsync(Id(_version), folder, files);
    }

    /// <summary>The new version answers a moment before the old one is tidied away: a cache above its bound is given that moment.</summary>
    private async Task ReadAsync(PlainPlatform platform)
    {
        foreach (var replica in Replicas)
        {
            var cache = platform.CacheOf(replica);
            await Eventually.IsTrueAsync($"the cache of {replica} keeps its bound", () => Task.FromResult(Footprint.BytesIn(cache) <= SoakPlan.CacheBytes));
        }
        var reading = Replicas.ToDictionary(replica => replica, replica => Footprint.Of(platform.ProcessIdOf(replica), platform.CacheOf(replica)));
        reading[Sync] = Footprint.Of(platform.ProcessIdOf(Sync), cache: null);
        Series.Add(reading);
    }

    private static ModelId Id(int version) => new(ModelName.Parse(ScoringLoad.Model), new ModelVersion(version));

    private void Tell(string when, ScoringLoad load)
    {
        var line = new StringBuilder($"{_clock.Elapsed:mm\\:ss}  {when}: {load.Answers} answers, {load.Failures.Count} failures");
        foreach (var (name, footprint) in Series[^1]) line.Append(null, $" | {name} {footprint}");
        Say(line.ToString());
    }

    // At once, and not with the results at the end: it takes a while.
    private static void Say(string line) => Console.WriteLine(line);
}
