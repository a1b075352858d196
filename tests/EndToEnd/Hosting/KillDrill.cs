using System.Diagnostics;
using System.Globalization;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>One ModelSync after the other over the same replicas, each killed (kill -9) at a moment that the test names; every one reaches the storage through a gate.</summary>
internal sealed class KillDrill : IAsyncDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly DocumentGate _gate;
    private readonly string _model;
    private readonly string[] _replicas;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private KillDrill(PlainPlatform platform, string model, string[] replicas, ITestOutputHelper output) =>
        (Platform, _model, _replicas, _output, _gate) = (platform, model, replicas, output, new DocumentGate(platform.Repository.Client.Uri.Port));

    public PlainPlatform Platform { get; }

    public int Kills { get; private set; }

    public static async Task<KillDrill> StartAsync(string model, ITestOutputHelper output, params string[] replicas)
    {
        var platform = await PlainPlatform.WithStorageAsync();
        // They come back to each new ModelSync before it takes them for gone.
        foreach (var replica in replicas)
            platform.StartReplica(replica, ("Reload__RetryFirst", "00:00:00.1"), ("Reload__RetryMost", "00:00:00.3"), ("Reload__ReportEvery", "00:00:00.2"));
        return new KillDrill(platform, model, replicas, output);
    }

    /// <param name="writes">How many steps it can take.</param>
    public void StartSync(int writes)
    {
        _gate.Let(writes);
        var storage = Platform.StorageConnection.Replace($":{Platform.Repository.Client.Uri.Port}/", $":{_gate.Port}/", StringComparison.Ordinal);
        Platform.StartSync(("ConnectionStrings__models", storage), ("Rollouts__Settle", "00:00:01.5"), ("Rollouts__LookEvery", "00:00:00.1"));
    }

    /// <summary>Whoever runs can take no further step.</summary>
    public void LetNoMore() => _gate.Let(0);

    /// <summary>A ModelSync that can take no step is killed once it tried to, the next one as soon as it has.</summary>
    public async Task StepAsync(string step, Predicate<DesiredModel> isTaken)
    {
        StartSync(writes: 0);
        await KillBeforeAsync(step);
        await KillAfterAsync(step, isTaken);
    }

    /// <summary>Of whoever runs and can take no further step.</summary>
    public async Task KillBeforeAsync(string step)
    {
        await Eventually.IsTrueAsync($"an attempt: {step}\n{Platform.OutputOf("model-sync")}", () => Task.FromResult(_gate.Refused > 0));
        await KillAsync($"before: {step}");
    }

    /// <summary>Lets another ModelSync take exactly one step.</summary>
    public async Task KillAfterAsync(string step, Predicate<DesiredModel> isTaken)
    {
        var before = await GenerationAsync();
        StartSync(writes: 1);
        await Eventually.IsTrueAsync($"a step: {step}\n{Platform.OutputOf("model-sync")}", async () => await GenerationAsync() > before);
        await KillAsync($"after: {step}");
        Assert.True(isTaken(await ModelAsync()), $"Another step than: {step}");
    }

    /// <summary>Another ModelSync, that can take no step, at such a moment.</summary>
    public async Task KillOnceAsync(string when, Func<Task<bool>> isThen)
    {
        var before = await GenerationAsync();
        StartSync(writes: 0);
        await Eventually.IsTrueAsync($"the moment: {when}", isThen);
        await KillAsync(when);
        Assert.Equal(before, await GenerationAsync());
    }

    public async Task<DesiredModel> ModelAsync() => (await DocumentAsync()).Models[ModelName.Parse(_model)];

    public async ValueTask DisposeAsync()
    {
        await Platform.DisposeAsync();
        await _gate.DisposeAsync();
    }

    private async Task KillAsync(string when)
    {
        await Platform.KillAsync("model-sync");
        Kills++;
        var answers = await AnswersAsync();
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds:0.0} s: killed {when}; {answers}"));
    }

    /// <summary>How far the replicas were: whether a kill came before a replica's ack cannot be forced, but seen.</summary>
    private async Task<string> AnswersAsync() => string.Join(", ", await Task.WhenAll(_replicas.Select(async replica =>
        $"{replica} answers with {await Convergence.VersionOfAsync(Platform.Client, Platform.AddressOf(replica).ToString().TrimEnd('/'), _model)}")));

    private async Task<long> GenerationAsync() => (await DocumentAsync()).Generation;

    /// <summary>As it is stored: nobody is asked who may be dead.</summary>
    private async Task<DesiredState> DocumentAsync() => DesiredState.Parse(
        (await Platform.Repository.Client.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content);
}
