using System.CommandLine;

namespace ModelPlatform.Cli;

/// <summary>A command whose help goes on after its options.</summary>
/// <param name="examples">One a line, each with what it does after it.</param>
/// <param name="notes">What else one must know to use it.</param>
internal sealed class DocumentedCommand(string name, string summary, string examples, string? notes = null) : Command(name, summary)
{
    public string? Notes { get; } = notes;

    public string Examples { get; } = examples;
}
