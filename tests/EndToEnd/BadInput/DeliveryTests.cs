using System.Globalization;
using System.Text.RegularExpressions;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Good versions that do not arrive: they are tried again until they do, and the old one serves on.</summary>
[Collection(OnePlatform.Name)]
public sealed partial class DeliveryTests(BadInputPlatform bad, ITestOutputHelper output)
{
    private const int Megabytes = 4 << 20;

    [Fact]
    public async Task A_network_that_is_cut_in_the_middle_of_a_download_only_delays_it()
    {
        var storage = bad.Platform.StorageConnection;
        var blobPort = int.Parse(PortPattern().Match(storage).Groups[1].Value, CultureInfo.InvariantCulture);
        await using var network = new TcpProxy(() => blobPort);
        bad.Start("cut-off", ("ConnectionStrings__models", PortPattern().Replace(storage, $"127.0.0.1:{network.Port}")));
        await WithOldVersionAsync("cut-off", "cut");

        // Another content than that of any other test: what is in the cache needs no network.
        network.CutAfter = 100_000;
        await bad.PublishAsync("cut", 2, OnnxModels.Padded(3, Megabytes));
        var said = await bad.SaysAsync("cut-off", "cut", 2, AckState.Retrying);
        output.WriteLine($"After {network.Cuts} cuts: {said.Reason}");
        Assert.StartsWith("Blob storage: ", said.Reason, StringComparison.Ordinal);
        await bad.AnswersAsEverAsync("cut-off");
        await bad.Platform.AnswersAsync("cut", 1, null, "cut-off");

        network.CutAfter = long.MaxValue;
        await bad.Platform.AnswersAsync("cut", 2, null, "a", "cut-off");
        await EndAsync("cut-off");
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex PortPattern();

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
