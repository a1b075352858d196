namespace ModelPlatform.Cli;

/// <summary>A failure that the user can do something about: the message is all that is shown of it.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Whether it may be over a moment later: a server restarts, or another one takes over.</summary>
    public bool MayPass { get; init; }
}
