using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ModelPlatform.Cli.Completion;
using ModelPlatform.Cli.Deleting;
using ModelPlatform.Cli.Events;
using ModelPlatform.Cli.Listing;
using ModelPlatform.Cli.Operating;
using ModelPlatform.Cli.Overriding;
using ModelPlatform.Cli.Publishing;
using ModelPlatform.Cli.Scoring;
using ModelPlatform.Cli.Smoke;
using ModelPlatform.Cli.Status;
using ModelPlatform.Cli.Telling;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Cli;

internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Puts models into the repository that Inference.Api serves from, takes them out, shows what is there and who serves it, pins and rolls back, scores pictures, and looks whether a deployment works.")
        {
            PublishCommand.Create(),
            ListCommand.Create(),
            StatusCommand.Create(),
            UnloadCommand.Create(),
            LoadCommand.Create(),
            DeleteCommand.Create(),
            EventCommand.Create(),
            ScoreCommand.Create(),
            SmokeCommand.Create(),
            HistoryCommand.Create(),
            WatchCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (var command in OperatorCommands.All) root.Add(command);
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpPage((HelpAction)help.Action!);

        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction error)
        {
            error.ShowHelp = false;
            parsed.Invoke();
            return ExitCode.WrongUsage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
    }

    /// <summary>Runs a command and turns the failures that are to be expected into a line and an exit code; any other is a defect and shows its stack.</summary>
    public static void SetOutcome(this Command command, Func<ParseResult, CancellationToken, Task> run) => command.SetAction(async (parsed, cancelled) =>
    {
        try
        {
            await run(parsed, cancelled);
            return ExitCode.Ok;
        }
        catch (CommandFailure failure) { return Say(failure.Message, failure.ExitCode); }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested) { return Say("Stopped.", ExitCode.Interrupted); }
        catch (InvalidDocumentException failure) { return Say(failure.Message, ExitCode.Failed); }
        catch (IOException failure) { return Say(failure.Message, ExitCode.Failed); }
        catch (UnauthorizedAccessException failure) { return Say(failure.Message, ExitCode.Failed); }
    });

    private static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
