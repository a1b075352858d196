using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>Something that happened to a model: one line of the history in the container, an element of <c>GET /v1/history</c>, the data of an outgoing event.</summary>
/// <param name="Generation">Of the desired state with which it happened, or that was published when an operator wished it.</param>
/// <param name="Traceparent">W3C trace context of what led to it.</param>
/// <param name="Replicas">Those that a step concerns.</param>
public sealed record HistoryEntry(
    HistoryKind Kind,
    ModelName Model,
    // Written as null: what has no default in the constructor must be there when it is read.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ModelVersion? Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Identity? Identity,
    long Generation,
    DateTimeOffset Time,
    string? Reason = null,
    string? Traceparent = null,
    IReadOnlyList<string>? Replicas = null)
{
    /// <summary>One line, with the line feed at its end.</summary>
    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Lines.HistoryEntry), (byte)'\n'];

    /// <summary>The entries of whole lines. One that cannot be read, as of a newer release, is passed over: the others tell their part of the story.</summary>
    public static IEnumerable<HistoryEntry> ParseLines(ReadOnlyMemory<byte> lines)
    {
        foreach (var line in Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(line) is { } entry) yield return entry;
        }
    }

    private static HistoryEntry? Parse(string line)
    {
        try { return JsonSerializer.Deserialize(line, RepositoryJson.Lines.HistoryEntry); }
        catch (JsonException) { return null; }
    }
}

[JsonConverter(typeof(CamelCaseEnumConverter<HistoryKind>))]
public enum HistoryKind
{
    /// <summary>A new version was detected in the repository and is wanted.</summary>
    Published,

    /// <summary>A stepwise rollout began.</summary>
    Started,

    /// <summary>More replicas were given the version.</summary>
    Stepped,

    /// <summary>Every replica is to serve it.</summary>
    Live,

    RolledBack,
    Quarantined,

    /// <summary>The rollout's goal changed before its end.</summary>
    Abandoned,

    Pinned,
    Unpinned,
    Paused,
    Resumed,

    /// <summary>From quarantine.</summary>
    Released,

    Unloaded,
    Loaded,
}
