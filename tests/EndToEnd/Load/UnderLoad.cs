using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Load;

/// <summary>Replicas that serve version 1 of a model, for tests that ask them without a pause while something happens.</summary>
public abstract class UnderLoad(ITestOutputHelper output)
{
    private protected const string Model = ScoringLoad.Model;

    protected ITestOutputHelper Output { get; } = output;

    private protected static async Task<PlainPlatform> StartAsync(params string[] replicas)
    {
        var platform = await PlainPlatform.StartAsync(replicas);
        return await platform.WithAsync(async () =>
        {
            await PublishAsync(platform, 1);
            await platform.AnswersAsync(Model, 1, null, replicas);
            // A version is known good once somebody has said so: what may be fallen back to.
            await Eventually.IsTrueAsync("ModelSync has heard it", async () => (await platform.ReplicasAsync()).Count(replica => replica.Models.Count > 0) == replicas.Length);
        });
    }

    private protected static Task PublishAsync(PlainPlatform platform, int version) => platform.PublishAsync(Model, version, ScoringLoad.FolderOf(version));

    private protected async Task EndAsync(ScoringLoad load)
    {
        await load.StopAsync();
        Output.WriteLine(load.Summary);
    }
}
