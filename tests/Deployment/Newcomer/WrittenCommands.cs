using System.Text.RegularExpressions;

namespace ModelPlatform.Tests.Deployment.Newcomer;

/// <summary>The commands of a document, as somebody would copy them: the indented lines, block by block.</summary>
internal static partial class WrittenCommands
{
    /// <summary>Those from a line that begins with some words up to the next that begins with others.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Between(string document, string from, string to)
    {
        var lines = File.ReadAllLines(RepositoryRoot.Combine(document))
            .SkipWhile(line => !line.StartsWith(from, StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith(to, StringComparison.Ordinal));
        var blocks = new List<List<string>> { new() };
        foreach (var line in lines)
        {
            if (line.StartsWith("    ", StringComparison.Ordinal)) blocks[^1].Add(line[4..]);
            else if (blocks[^1].Count > 0) blocks.Add([]);
        }
        return [.. blocks.Where(block => block.Count > 0)];
    }

    /// <summary>Those of a program that a file has anywhere: in lines that are indented, between quotes, and after sudo. Something stands in the place of each placeholder.</summary>
    public static IEnumerable<string> Of(string program, string file)
    {
        var written = new Regex($@"^    (?<command>(?:[A-Z_]+=\S+ )?{program} .+)$|(?:[`']|sudo )(?<command>{program} [^`';]+)");
        return File.ReadLines(RepositoryRoot.Combine(file)).SelectMany(line => written.Matches(line)).Select(match => Placeholder().Replace(match.Groups["command"].Value.Trim(), "${name}"));
    }

    [GeneratedRegex("<(?<name>[a-z]+)>")] private static partial Regex Placeholder();
}
