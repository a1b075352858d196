using System.Diagnostics;

namespace Aspire.Hosting.Running;

internal sealed record Command(string File, IReadOnlyList<string> Arguments, string Folder, IReadOnlyDictionary<string, string> Environment);

/// <summary>
/// A process in a session of its own, which ends when our end of its pipe closes: because we stop it, or because we are gone, however that came.
/// Its output goes to a log file; the last lines are kept for when it fails.
/// </summary>
internal sealed class Child
{
    // Bash, because a plain shell drops variables whose names have a hyphen, such as services__model-sync__http__0.
    // The shell becomes the program; what it leaves behind watches the pipe, and after ten seconds forces what did not go when asked.
    private const string Script = """
        exec 3<&0
        {
          trap '' TERM
          read -r <&3
          kill -TERM 0
          for ((tries = 0; tries < 100; tries++)); do kill -0 $$ || break; sleep 0.1; done
          kill -KILL 0
        } > /dev/null 2>&1 &
        exec "$@" < /dev/null 3<&-
        """;

    private const int KeptLines = 20;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly string[] NeverInherited = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "ASPIRE_LOGLEVEL"];

    private readonly Queue<string> _last = new();
    private readonly StreamWriter _log;
    private readonly Process _process;

    public Child(Command command, string logFile)
    {
        var start = new ProcessStartInfo("setsid", ["bash", "-c", Script, "bash", command.File, .. command.Arguments])
        {
            WorkingDirectory = command.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in NeverInherited) start.Environment.Remove(name);
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        _log = new(logFile) { AutoFlush = true };
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        Exited = RunAsync();
    }

    public Task<int> Exited { get; }

    public string LastLines
    {
        get { lock (_last) return string.Join('\n', _last); }
    }

    public Task StopAsync()
    {
        _process.StandardInput.Close();
        return Exited;
    }

    private async Task<int> RunAsync()
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Exited += (_, _) => exited.SetResult();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        await exited.Task;
        _process.StandardInput.Close();   // for what it may have started itself
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
}
