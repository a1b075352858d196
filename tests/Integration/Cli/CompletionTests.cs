using System.Diagnostics;

namespace ModelPlatform.Tests.Integration.Cli;

/// <summary>A real bash, with the script that the command prints.</summary>
public sealed class CompletionTests(Azurite azurite)
{
    // The word under the cursor is the last one; an empty one follows a space.
    private const string Complete = """
        modelctl() { dotnet "$MODELCTL" "$@"; }
        eval "$(modelctl completion bash)"
        complete -p modelctl
        while IFS= read -r line; do
          COMP_LINE=$line COMP_POINT=${#line}
          read -ra COMP_WORDS <<< "$line"
          case $line in *' ') COMP_WORDS+=('') ;; esac
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          _modelctl
          echo "$line: ${COMPREPLY[*]}"
        done
        """;

    private readonly Storage _storage = azurite.NewStorage();

    [Fact]
    public async Task Bash_completes_commands_options_and_models()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await _storage.Container.PublishAsync("fashion/1");
        await _storage.Container.PutAsync("faces.onnx", "graph");
        await _storage.Container.PutAsync("$(touch x).onnx", "a name to be careful with");

        var lines = await BashAsync(_storage.ConnectionString, "modelctl un", "modelctl score --le", "modelctl unload fa", "modelctl publish samples --model fas", "modelctl delete ");
        Assert.Equal(
            ["complete -o default -F _modelctl modelctl", "modelctl un: unload unpin", "modelctl score --le: --legacy", "modelctl unload fa: faces fashion", "modelctl publish samples --model fas: fashion", "modelctl delete : faces fashion"],
            lines);
    }

    [Fact]
    public async Task A_storage_that_is_away_or_not_configured_completes_nothing_and_says_nothing()
    {
        var away = $"Endpoint=\"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{FreePort.Next()}/devstoreaccount1\";ContainerName=models";
        Assert.Equal("modelctl unload fa: ", (await BashAsync(away, "modelctl unload fa"))[^1]);
        Assert.Equal("modelctl unload fa: ", (await BashAsync("nonsense", "modelctl unload fa"))[^1]);
    }

    private static async Task<string[]> BashAsync(string connection, params string[] typed)
    {
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-c", Complete]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["MODELCTL"], start.Environment["ConnectionStrings__models"]) = (Path.Combine(AppContext.BaseDirectory, "modelctl.dll"), connection);
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var line in typed) await bash.StandardInput.WriteLineAsync(line);
        bash.StandardInput.Close();
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (bash.ExitCode, await error));
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
