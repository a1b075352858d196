using ModelPlatform.Bench.Hosting;
using ModelPlatform.Bench.Models;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Bench.Simulation;

/// <summary>One model, its repository, a ModelSync and its simulated replicas: what can be done to them.</summary>
internal sealed class FleetTrial(EmulatedStorage storage, Server sync, SimulatedFleet fleet)
{
    public static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Bake = TimeSpan.FromSeconds(2);
    private static readonly ModelName Model = ModelName.Parse("simulated");
    private const string Rollout = """ "rollout": { "first": 1, "atOnce": 100, "bake": "00:00:02" } """;

    public SimulatedFleet Fleet => fleet;

    public Server Sync => sync;

    public static ModelId Version(int number) => new(Model, new ModelVersion(number));

    public static Task CommitAsync(EmulatedStorage storage, int version) =>
        storage.Blobs.CommitAsync(Version(version), new Dictionary<string, byte[]> { ["model.onnx"] = BitConverter.GetBytes(version) });

    public static Task WantLatestAsync(EmulatedStorage storage) => storage.Blobs.WriteAsync($"{Model}/serving.json", $$"""{ {{Rollout}} }""");

    /// <summary>Lets all of them change to a version that was served before, which needs no steps.</summary>
    public async Task ChangeAsync(int version)
    {
        await storage.Blobs.WriteAsync($"{Model}/serving.json", $$"""{ "versions": { "only": [{{version}}] }, {{Rollout}} }""");
        await fleet.HintAsync(Model);
        await SettleAsync(version);
    }

    /// <returns>From the first document that names it to the last replica that serves it and knows that it is live.</returns>
    public async Task<TimeSpan> RollOutAsync(int version)
    {
        await WantLatestAsync(storage);
        await CommitAsync(storage, version);
        await fleet.HintAsync(Model);
        await fleet.UntilAsync($"{version} is live everywhere", () =>
            fleet.Serve(Version(version)) && fleet.Documents.All[^1] is var last && last.Models[Model].Candidate is null && fleet.Generations.Everywhere >= last.Generation);
        var ended = DateTimeOffset.UtcNow;
        var began = fleet.Documents.All.First(document => document.Models[Model].Candidate?.Versions[0].Version == new ModelVersion(version)).Published;
        await fleet.QuietAsync();
        return ended - began;
    }

    private async Task SettleAsync(int version)
    {
        await fleet.UntilAsync($"every replica serves {version}", () => fleet.Serve(Version(version)) && fleet.Generations.Everywhere == fleet.Generations.Newest);
        await fleet.QuietAsync();
    }
}
