using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace ModelPlatform.ServiceDefaults;

/// <summary>
/// Gives memory that native code has freed back to the system, which glibc does not: docs/decisions/0005. It takes about a millisecond, in which
/// nobody else can allocate natively.
/// </summary>
internal sealed partial class FreedMemory : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    public static void GiveBack() => _ = malloc_trim(0);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) GiveBack();
        }
        // musl has no such function, and gives back by itself.
        catch (EntryPointNotFoundException) { }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint kept);
}
