using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>Takes a replica of the running application away, so it has an application of its own.</summary>
public sealed class ReplicaDeathTests(RunningPlatform platform, ITestOutputHelper output) : IClassFixture<RunningPlatform>
{
    [Fact]
    public async Task With_one_replica_killed_the_public_port_goes_on_with_the_other()
    {
        await platform.Repository.PublishFolderAsync(new ModelId(ModelName.Parse(ScoringLoad.Model), new ModelVersion(1)), ScoringLoad.FolderOf(1));
        await platform.ConvergedAsync(ScoringLoad.Model, 1, replicas: 2);
        var victim = (await platform.ReplicasAsync())[0];
        await using var load = ScoringLoad.Start(platform.Api);
        await Eventually.IsTrueAsync("the load runs", () => Task.FromResult(load.Answers > 50));

        ProcessGroup.Kill(victim.Pid!.Value);
        await Eventually.IsTrueAsync("the dead replica leaves the list", async () => (await platform.ReplicasAsync()).All(replica => replica.Id != victim.Id));
        var before = load.Answers;
        await Eventually.IsTrueAsync("the public port goes on", () => Task.FromResult(load.Answers > before + 100));

        await load.StopAsync();
        output.WriteLine(load.Summary);
        Assert.InRange(load.Failures.Count, 0, 8);
    }
}
