using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>
/// What every replica is to serve: the whole of it, so that a model which is absent, or has no versions, is to be unloaded. ModelSync publishes it with a
/// <see cref="Generation"/> that only grows; replicas converge to it. Readers ignore members they do not know, since mixed releases read it.
/// </summary>
public sealed record DesiredState
{
    public const int CurrentSchema = 1;

    /// <summary>The largest that every reader of JSON tells from its neighbours, and far from where counting on would overflow.</summary>
    public const long MaxGeneration = 1L << 53;

    private const string Name = "desired-state.json";

    public int Schema { get; init; } = CurrentSchema;

    public required long Generation { get; init; }

    public required DateTimeOffset Published { get; init; }

    /// <summary>W3C trace context of the change that led to this generation.</summary>
    public string? Traceparent { get; init; }

    public required IReadOnlyDictionary<ModelName, DesiredModel> Models { get; init; }

    public static DesiredState Empty { get; } = new() { Generation = 0, Published = default, Models = new Dictionary<ModelName, DesiredModel>() };

    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static DesiredState Parse(ReadOnlySpan<byte> json)
    {
        var state = Documents.Read(Name, json, RepositoryJson.Default.DesiredState);
        if (state.Schema != CurrentSchema) throw Wrong("schema", $"It is {state.Schema}; this release reads {CurrentSchema}.");
        if (state.Generation is < 0 or > MaxGeneration) throw Wrong("generation", $"It must lie between 0 and {MaxGeneration}.");
        foreach (var (name, model) in state.Models)
        {
            // The serializer lets null through where it is an element of a list or a map.
            if (model is null || HasHoles(model)) throw Wrong($"models.{name}", "It must not be or hold null.");
        }
        return state;
    }

    private static bool HasHoles(DesiredModel model) =>
        model.Quarantine.Contains(null) || model.Named.Any(version => version is null || version.Files.Values.Contains(null));

    /// <summary>The state as it concerns one replica: a model of which nothing is wanted does not.</summary>
    public DesiredState For(ReplicaId replica) => Models.Values.All(model => model.Candidate is null && !model.IsIdle)
        ? this
        : this with { Models = Models.Where(model => !model.Value.IsIdle).ToDictionary(model => model.Key, model => model.Value.For(replica)) };

    /// <summary>
    /// Without what it says of other replicas (null: of any), which is most of it while a rollout names many. To that replica it is the same document:
    /// <see cref="For"/> makes the same of both.
    /// </summary>
    public DesiredState About(ReplicaId? replica) => Models.Values.All(model => model.Replicas.Count == 0)
        ? this
        : this with { Models = Models.ToDictionary(model => model.Key, model => model.Value.About(replica)) };

    /// <summary>Whether it says something of this replica.</summary>
    public bool Names(ReplicaId replica) => Models.Values.Any(model => model.Replicas.ContainsKey(replica));

    /// <summary>Whether a newer release has written it, whatever else can be read of it.</summary>
    public static bool IsNewer(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("schema", out var schema)
                && schema.ValueKind == JsonValueKind.Number && schema.TryGetInt32(out var number) && number > CurrentSchema;
        }
        catch (JsonException) { return false; }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.DesiredState);

    private static InvalidDocumentException Wrong(string member, string reason) => new(Name, member, reason);
}
