namespace ModelPlatform.Cli;

/// <summary>A failure that the user can do something about: the message is all that is shown of it.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
