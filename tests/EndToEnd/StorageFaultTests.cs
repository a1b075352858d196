using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>Storage goes away: scoring goes on, and everything converges by itself.</summary>
public sealed class StorageFaultTests(ITestOutputHelper output) : UnderLoad(output)
{
    [Fact]
    public async Task With_storage_away_for_30_s_replicas_serve_on_and_converge_afterwards()
    {
        await using var platform = await StartAsync("a", "b");
        await using var load = ScoringLoad.Start(platform.AddressOf("a"), platform.AddressOf("b"));

        await platform.Azurite.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        await platform.Azurite.StartAsync();
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, TimeSpan.FromSeconds(60), "a", "b");

        await EndAsync(load);
        Assert.Empty(load.Failures);
    }

    // ModelSync makes a new container, as it does in development: its listing is empty, and the document is gone.
    [Fact]
    public async Task A_deleted_container_unloads_nothing_and_a_new_one_is_served_from()
    {
        await using var platform = await StartAsync("a", "b");
        await using var load = ScoringLoad.Start(platform.AddressOf("a"), platform.AddressOf("b"));

        await platform.Repository.Client.DeleteAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync("ModelSync has looked", async () => await platform.Repository.Client.ExistsAsync(TestContext.Current.CancellationToken));
        var before = load.Answers;
        await Eventually.IsTrueAsync("scoring goes on", () => Task.FromResult(load.Answers > before + 200));
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, null, "a", "b");

        await EndAsync(load);
        Assert.Empty(load.Failures);
    }
}
