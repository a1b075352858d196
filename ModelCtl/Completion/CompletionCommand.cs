using System.CommandLine;

namespace ModelPlatform.Cli.Completion;

internal static class CompletionCommand
{
    private const string Summary = "Prints a script that completes commands, options and models in a shell.";

    private const string Examples = """
          eval "$(modelctl completion bash)"       in ~/.bashrc
          eval "$(modelctl completion zsh)"        in ~/.zshrc, after compinit
          modelctl completion fish | source        in ~/.config/fish/config.fish
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" }.AcceptOnlyFromAmong([.. CompletionScripts.Of.Keys]);
        var command = new DocumentedCommand("completion", Summary, Examples) { shell };
        command.SetOutcome((parsed, _) => Console.Out.WriteLineAsync(CompletionScripts.Of[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
