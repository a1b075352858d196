using System.Text.RegularExpressions;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Images;

/// <summary>A container engine with a store of its own. Skips the test where there is none.</summary>
internal sealed partial class Podman : IAsyncDisposable
{
    // An engine that is not root's runs containers under other ids than theirs, and not everywhere with limits.
    private static readonly string[] AsRoot = Environment.IsPrivilegedProcess ? [] : ["sudo", "-n"];

    // Not podman's usual driver, which would leave a mount behind. runc also runs where the newer crun does not: on cgroups of both versions at once.
    private readonly string[] _podman;
    private readonly string _folder = Directory.CreateTempSubdirectory("podman-").FullName;

    private Podman()
    {
        _podman = ["podman", "--storage-driver", "vfs", "--root", Path.Combine(_folder, "store"), "--runroot", Path.Combine(_folder, "run")];
        if (File.Exists("/usr/sbin/runc") || File.Exists("/usr/bin/runc")) _podman = [.. _podman, "--runtime", "runc"];
    }

    public static Podman Start()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/podman"), "There is no podman on this machine (Debian: apt-get install podman runc).");
        Assert.SkipUnless(Environment.IsPrivilegedProcess || Environment.GetEnvironmentVariable("CI") == "true", "Containers as in a cluster need root: sudo is used in CI only.");
        return new Podman();
    }

    /// <returns>The name under which the image can be run.</returns>
    public async Task<string> LoadAsync(string image) =>
        LoadedPattern().Match(await RunAsync("load", "--input", ImageArchive.PathOf(image))).Groups[1].Value;

    public Task<string> RunAsync(params string[] arguments) => AsRootAsync([.. _podman, .. arguments]);

    /// <summary>What the kernel tells of a process is root's to read.</summary>
    public static async Task<string> ReadAsync(string file) => await AsRootAsync(["cat", file]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("rm", "--all", "--force", "--time", "0");
        await AsRootAsync(["rm", "-rf", _folder]);
    }

    private static async Task<string> AsRootAsync(string[] command)
    {
        command = [.. AsRoot, .. command];
        await using var process = ProcessGroup.Start(command[0], command[1..]);
        await process.WaitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? process.Output : throw new InvalidOperationException($"{string.Join(' ', command)}: {process.ExitCode}\n{process.Output}");
    }

    [GeneratedRegex("Loaded image: (.+)")]
    private static partial Regex LoadedPattern();
}
