namespace ModelPlatform.Cli.Deleting;

internal static class Confirmation
{
    /// <summary>Asks a person. Where none is there, the command has to say so beforehand.</summary>
    public static async Task RequireAsync(string question, CancellationToken cancelled)
    {
        if (Console.IsInputRedirected) throw new CommandFailure(ExitCode.WrongUsage, $"{question}? Nobody is here to answer: say --yes.");
        await Console.Error.WriteAsync($"{question}? [y/N] ");
        // A terminal is read synchronously whatever the method is called, and Ctrl+C must end it.
        var answer = await Task.Run(Console.ReadLine, cancelled).WaitAsync(cancelled);
        if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES")) throw new CommandFailure(ExitCode.Failed, "Nothing was deleted.");
    }
}
