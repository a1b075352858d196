using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>A new image, as a Deployment rolls it out with maxSurge 1 and maxUnavailable 0: a new replica becomes ready, then an old one is told to stop.</summary>
public sealed class ImageRolloutTests(ITestOutputHelper output)
{
    private const string Model = ScoringLoad.Model;
    private static readonly (string Name, string Value) Pause = ("Drain__Pause", "00:00:02");

    [Fact]
    public async Task Replicas_are_replaced_while_versions_change_and_no_request_fails()
    {
        await using var platform = await PlainPlatform.StartAsync();
        foreach (var old in (string[])["a", "b"]) platform.StartReplica(old, Pause);
        await PublishAsync(platform, 1);
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        await using var service = new ServiceProxy(() => platform.Addresses);
        await ReachedAsync(service, platform, "a", "b");
        await using var load = ScoringLoad.Start(service.Address);

        using var replaced = new CancellationTokenSource();
        var publishing = PublishUntilAsync(platform, load, replaced.Token);
        foreach (var (next, old) in ((string, string)[])[("c", "a"), ("d", "b")])
        {
            platform.StartReplica(next, Pause);
            await ReachedAsync(service, platform, next);
            Assert.Equal(0, await platform.StopAsync(old));
        }
        await replaced.CancelAsync();
        var last = await publishing;
        await platform.AnswersAsync(Model, last, null, "c", "d");

        await load.StopAsync();
        output.WriteLine($"{last - 1} version changes meanwhile. {load.Summary}");
        Assert.Empty(load.Failures);
        Assert.True(last > 2, "versions changed while replicas were replaced");
    }

    /// <returns>The last version.</returns>
    private static async Task<int> PublishUntilAsync(PlainPlatform platform, ScoringLoad load, CancellationToken replaced)
    {
        for (var version = 2; ; version++)
        {
            await PublishAsync(platform, version);
            await Eventually.IsTrueAsync($"somebody answers with version {version}", () => Task.FromResult(load.Versions.ContainsKey($"{version}")));
            if (replaced.IsCancellationRequested) return version;
        }
    }

    private static Task ReachedAsync(ServiceProxy service, PlainPlatform platform, params string[] replicas) => Eventually.IsTrueAsync(
        $"the Service reaches {string.Join(", ", replicas)}", () => Task.FromResult(replicas.All(replica => service.Reaches(platform.AddressOf(replica)))));

    private static Task PublishAsync(PlainPlatform platform, int version) => platform.PublishAsync(Model, version, ScoringLoad.FolderOf(version));
}
