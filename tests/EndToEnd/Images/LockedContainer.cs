using System.Globalization;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Images;

/// <summary>
/// A service in a container that may do what a pod may: the image's user, a root that cannot be written, no capabilities, no new rights, 512 MiB, and /tmp.
/// On the machine's network, since the storage emulator listens on loopback.
/// </summary>
internal sealed class LockedContainer
{
    private static readonly string[] Locks =
    [
        "--network", "host", "--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp:rw,nosuid,nodev,noexec,size=256m", "--cap-drop", "ALL",
        "--security-opt", "no-new-privileges", "--memory", "512m", "--memory-swap", "512m",
        // podman sets its own, which not every machine allows.
        "--ulimit", "nofile=20000:20000", "--ulimit", "nproc=4096:4096",
    ];

    private readonly Podman _podman;
    private readonly string _name;

    private LockedContainer(Podman podman, string name) => (_podman, _name) = (podman, name);

    public Uri Address { get; private init; } = null!;

    public static async Task<LockedContainer> StartAsync(Podman podman, string image, string name, IEnumerable<(string Name, string Value)> settings)
    {
        var (http, grpc) = (FreePort.Next(), FreePort.Next());
        (string Name, string Value)[] ports = [("ASPNETCORE_URLS", $"http://127.0.0.1:{http}"), ("Kestrel__Endpoints__http__Url", $"http://127.0.0.1:{http}"), ("Kestrel__Endpoints__grpc__Url", $"http://127.0.0.1:{grpc}")];
        // ModelSync has one endpoint, which it takes from ASPNETCORE_URLS.
        var mine = image.Contains("model-sync", StringComparison.Ordinal) ? ports[..1] : ports[1..];
        await podman.RunAsync(["run", "--detach", "--name", name, .. Locks, .. mine.Concat(settings).SelectMany(setting => new[] { "--env", $"{setting.Name}={setting.Value}" }), image]);
        return new LockedContainer(podman, name) { Address = new Uri($"http://127.0.0.1:{http}") };
    }

    /// <summary>What the loader of the image finds for a library in it; there is no shell that could ask.</summary>
    public static Task<string> LibrariesOfAsync(Podman podman, string image, string library) => podman.RunAsync(
        ["run", "--rm", .. Locks, "--env", "LD_LIBRARY_PATH=/app", "--entrypoint", "/lib64/ld-linux-x86-64.so.2", image, "--list", library]);

    public Task<string> LogsAsync() => _podman.RunAsync("logs", _name);

    /// <summary>A line of <c>/proc/…/status</c> of its process, as the kernel sees it.</summary>
    public async Task<string> StatusAsync(string field)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{await ProcessIdAsync()}/status", TestContext.Current.CancellationToken);
        return lines.Single(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split(':', 2)[1].Trim();
    }

    /// <summary>Its mounts that can be written to, beside those of the kernel.</summary>
    public async Task<IReadOnlyList<string>> WritableMountsAsync()
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{await ProcessIdAsync()}/mounts", TestContext.Current.CancellationToken);
        return [.. lines.Select(line => line.Split(' ')).Where(mount => mount[3].Split(',').Contains("rw")).Select(mount => mount[1]).Where(place => place[1..].Split('/')[0] is not ("proc" or "sys" or "dev"))];
    }

    public Task TerminateAsync() => _podman.RunAsync("kill", "--signal", "TERM", _name);

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitCodeAsync() => int.Parse(await _podman.RunAsync("wait", _name), CultureInfo.InvariantCulture);

    private Task<string> ProcessIdAsync() => _podman.RunAsync("inspect", "--format", "{{.State.Pid}}", _name);
}
