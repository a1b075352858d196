using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Good versions that do not arrive: they are tried again until they do, and the old one serves on.</summary>
[Collection(OnePlatform.Name)]
public sealed class DeliveryTests(BadInputPlatform bad, ITestOutputHelper output)
{
    private const int Megabytes = 4 << 20;

    [Fact]
    public async Task A_full_disk_is_waited_out()
    {
        var disk = Directory.CreateDirectory(bad.Platform.CacheOf("full")).FullName;
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk), "Nobody may mount a small file system here.");
        try
        {
            bad.Start("full");
            await WithOldVersionAsync("full", "disk");

            await bad.PublishAsync("disk", 2, OnnxModels.Padded(2, Megabytes));
            var said = await bad.SaysAsync("full", "disk", 2, AckState.Retrying);
            output.WriteLine($"{said.Reason}");
            Assert.StartsWith("Disk: ", said.Reason, StringComparison.Ordinal);
            await bad.AnswersAsEverAsync("full");
            await bad.Platform.AnswersAsync("disk", 1, null, "full");

            Assert.True(await RunAsync("mount", "-o", "remount,size=64m", disk));
            await bad.Platform.AnswersAsync("disk", 2, null, "full");
            await EndAsync("full");
        }
        finally { await RunAsync("umount", "--lazy", disk); }
    }

    [Fact]
    public async Task A_link_in_the_cache_is_not_followed_but_fetched_anew()
    {
        bad.Start("linked");
        await WithOldVersionAsync("linked", "link");
        await bad.Platform.KillAsync("linked");

        var elsewhere = Path.Combine(Directory.CreateTempSubdirectory("elsewhere-").FullName, "model.onnx");
        var cached = Directory.GetFiles(bad.Platform.CacheOf("linked"), "model.onnx", SearchOption.AllDirectories)[0];
        File.Move(cached, elsewhere);
        File.CreateSymbolicLink(cached, elsewhere);
        bad.Start("linked");

        await bad.Platform.AnswersAsync("link", 1, null, "linked");
        await bad.AnswersAsEverAsync("linked");
        await Eventually.IsTrueAsync("the link is gone", () => Task.FromResult(File.Exists(cached) && new FileInfo(cached).LinkTarget is null));
        Assert.True(File.Exists(elsewhere));
        Directory.Delete(Path.GetDirectoryName(elsewhere)!, recursive: true);
        await EndAsync("linked");
    }

    private async Task WithOldVersionAsync(string replica, string model)
    {
        await bad.PublishAsync(model, 1, OnnxModels.Times(1));
        await bad.Platform.AnswersAsync(model, 1, null, replica);
        await bad.AnswersAsEverAsync(replica);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        await using var process = ProcessGroup.Start(program, arguments);
        await process.WaitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }

    private async Task EndAsync(string replica)
    {
        await bad.Platform.KillAsync(replica);
        await Eventually.IsTrueAsync("it leaves the list", async () => (await bad.Platform.ReplicasAsync()).All(status => status.Id != replica));
    }
}
