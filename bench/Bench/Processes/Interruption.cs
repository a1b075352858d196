using System.Runtime.InteropServices;

namespace ModelPlatform.Bench.Processes;

/// <summary>Servers live in sessions of their own, where Ctrl+C does not reach them.</summary>
internal sealed partial class Interruption : IDisposable
{
    private const int Sigterm = 15;
    private readonly PosixSignalRegistration[] _signals;

    private Interruption() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, End), PosixSignalRegistration.Create(PosixSignal.SIGTERM, End)];

    public static Interruption EndsChildren() => new();

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private static void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        foreach (var child in ProcessCost.ChildrenOf(Environment.ProcessId)) _ = kill(-child, Sigterm);
        Environment.Exit(130);
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
