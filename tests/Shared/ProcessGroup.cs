using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ModelPlatform.Tests.Shared;

/// <summary>
/// A program in a session of its own, so that a signal reaches it and all its children and nobody else. Its last lines are kept for the message of a failing test.
/// </summary>
public sealed partial class ProcessGroup : IAsyncDisposable
{
    private const int Kept = 400;
    private const int Sigterm = 15;
    private const int Sigkill = 9;
    private const int Sigstop = 19;
    private const int Sigcont = 18;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ProcessGroup(Process process) => _process = process;

    public event Action<string>? Line;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => string.Join('\n', _output);

    public static ProcessGroup Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, Action<string>? onLine = null)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RepositoryRoot.Path };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        var group = new ProcessGroup(new Process { StartInfo = start });
        group.Line += onLine;
        group._process.OutputDataReceived += (_, line) => group.Keep(line.Data);
        group._process.ErrorDataReceived += (_, line) => group.Keep(line.Data);
        group._process.Start();
        group._process.BeginOutputReadLine();
        group._process.BeginErrorReadLine();
        return group;
    }

    /// <summary>What <c>kill -9</c> does to one process.</summary>
    public static void Kill(int processId) => Check(kill(processId, Sigkill));

    public void KillNow() => kill(-_process.Id, Sigkill);

    public void Suspend() => Check(kill(-_process.Id, Sigstop));

    public void Resume() => Check(kill(-_process.Id, Sigcont));

    /// <summary>Asks politely; insists after a while.</summary>
    public async Task StopAsync(TimeSpan? patience = null)
    {
        if (!_process.HasExited)
        {
            kill(-_process.Id, Sigterm);
            kill(-_process.Id, Sigcont);   // A suspended one would never hear of it.
        }
        using var enough = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(30));
        try { await _process.WaitForExitAsync(enough.Token); }
        catch (OperationCanceledException)
        {
            KillNow();
            await _process.WaitForExitAsync();
        }
    }

    public Task WaitAsync(CancellationToken cancelled) => _process.WaitForExitAsync(cancelled);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        if (_output.Count > Kept) _output.TryDequeue(out _);
        Line?.Invoke(line);
    }

    private static void Check(int result)
    {
        if (result != 0) throw new InvalidOperationException($"kill failed ({Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int processId, int signal);
}
