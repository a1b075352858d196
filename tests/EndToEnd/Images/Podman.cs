using System.Text.RegularExpressions;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Images;

/// <summary>A container engine with a store of its own. Skips the test where there is none.</summary>
internal sealed partial class Podman : IAsyncDisposable
{
    // runc also runs where the newer crun does not: on cgroups of both versions at once.
    private static readonly bool HasRunc = File.Exists("/usr/sbin/runc") || File.Exists("/usr/bin/runc");

    // Not podman's usual driver, which would leave a mount behind.
    private readonly string _folder = Directory.CreateTempSubdirectory("podman-").FullName;

    public static Podman Start()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/podman"), "There is no podman on this machine (Debian: apt-get install podman runc).");
        return new Podman();
    }

    /// <returns>The name under which the image can be run.</returns>
    public async Task<string> LoadAsync(string image) =>
        LoadedPattern().Match(await RunAsync("load", "--input", ImageArchive.PathOf(image))).Groups[1].Value;

    public async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output) = await TryAsync(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"podman {string.Join(' ', arguments)}: {code}\n{output}");
    }

    public async ValueTask DisposeAsync()
    {
        await TryAsync("rm", "--all", "--force", "--time", "0");
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(int Code, string Output)> TryAsync(params string[] arguments)
    {
        string[] own = ["--storage-driver", "vfs", "--root", Path.Combine(_folder, "store"), "--runroot", Path.Combine(_folder, "run")];
        if (HasRunc) own = [.. own, "--runtime", "runc"];
        await using var process = ProcessGroup.Start("podman", [.. own, .. arguments]);
        await process.WaitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, process.Output);
    }

    [GeneratedRegex("Loaded image: (.+)")]
    private static partial Regex LoadedPattern();
}
