using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Running;

internal sealed record Command(string File, IReadOnlyList<string> Arguments, string Folder, IReadOnlyDictionary<string, string> Environment);

internal enum Signal { Kill = 9, Terminate = 15 }

/// <summary>A process in a session of its own, under guard. Its output goes to a log file; the last lines are kept for when it fails.</summary>
internal sealed class Child
{
    private const int KeptLines = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), LastWords = TimeSpan.FromSeconds(1);
    private static readonly string[] NeverInherited = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "ASPIRE_LOGLEVEL"];

    private readonly Queue<string> _last = new();
    private readonly StreamWriter _log;
    private readonly Process _process;

    private Child(Process process, string logFile)
    {
        _process = process;
        _log = new(logFile) { AutoFlush = true };
    }

    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    public string LastLines
    {
        get { lock (_last) return string.Join('\n', _last); }
    }

    public static Child Start(Command command, Guard guard, string logFile)
    {
        // Bash, because a plain shell drops variables whose names have a hyphen, such as services__model-sync__http__0.
        // It waits for a line before it becomes the program: by then the guard knows the process, and if we die first there never is one.
        var start = new ProcessStartInfo("setsid", ["bash", "-c", "read -r go && exec \"$@\" < /dev/null", "bash", command.File, .. command.Arguments])
        {
            WorkingDirectory = command.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in NeverInherited) start.Environment.Remove(name);
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;

        var child = new Child(new Process { StartInfo = start, EnableRaisingEvents = true }, logFile);
        child.Exited = child.RunAsync(guard);
        return child;
    }

    public static async Task StopAsync(IReadOnlyCollection<Child> children)
    {
        foreach (var child in children) child.Send(Signal.Terminate);
        var all = Task.WhenAll(children.Select(child => child.Exited));
        if (await Task.WhenAny(all, Task.Delay(Patience)) == all) return;
        foreach (var child in children) child.Send(Signal.Kill);
        await all;
    }

    private void Send(Signal signal) => _ = Kill(-_process.Id, (int)signal);

    private async Task<int> RunAsync(Guard guard)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => exited.SetResult();
        _process.Start();
        guard.Watch(_process.Id);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.WriteLine("go");
        _process.StandardInput.Close();

        await exited.Task;
        Send(Signal.Kill);   // what it may have started itself
        guard.Forget(_process.Id);
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(LastWords));
        return _process.ExitCode;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_last)
        {
            _log.WriteLine(line);
            if (_last.Count == KeptLines) _last.Dequeue();
            _last.Enqueue(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
