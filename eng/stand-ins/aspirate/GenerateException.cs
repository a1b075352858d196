namespace Aspirate;

/// <summary>What the user is told, and the exit code as a shell sees it.</summary>
internal sealed class GenerateException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
