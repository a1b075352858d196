using System.Diagnostics;

namespace Aspire.Hosting.Running;

/// <summary>
/// A shell that outlives us: when our end of its pipe closes, however we ended, it stops the process groups of the children that were still alive, first asking and after ten seconds forcing them.
/// </summary>
internal sealed class Guard : IDisposable
{
    private const string Script = """
        groups=' '
        while read -r sign group; do
          case $sign in
            +) groups="$groups$group " ;;
            -) groups="${groups%% $group *} ${groups#* $group }" ;;
          esac
        done
        signal() { alive=; for group in $groups; do kill -s "$1" -- "-$group" 2> /dev/null && alive=yes; done; }
        signal TERM
        tries=100
        while signal 0; [ "$alive" ] && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done
        signal KILL
        """;

    private readonly Process _shell;

    public Guard()
    {
        // A session of its own: the terminal's Ctrl+C must not reach it.
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        _shell = Process.Start(start)!;
        _shell.StandardInput.AutoFlush = true;
    }

    public void Watch(int group) => Tell($"+ {group}");

    public void Forget(int group) => Tell($"- {group}");

    public void Dispose()
    {
        lock (_shell) _shell.StandardInput.Close();
        _shell.Dispose();
    }

    private void Tell(string line)
    {
        lock (_shell) _shell.StandardInput.WriteLine(line);
    }
}
