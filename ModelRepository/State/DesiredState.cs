using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>
/// What every replica is to serve: the whole of it, so that a model which is absent is to be unloaded. ModelSync publishes it with a
/// <see cref="Generation"/> that only grows; replicas converge to it. Readers ignore members they do not know, since mixed releases read it.
/// </summary>
public sealed record DesiredState
{
    public const int CurrentSchema = 1;

    public int Schema { get; set; } = CurrentSchema;

    public required long Generation { get; init; }

    public required DateTimeOffset Published { get; init; }

    /// <summary>W3C trace context of the change that led to this generation.</summary>
    public string? Traceparent { get; init; }

    public required IReadOnlyDictionary<ModelName, DesiredModel> Models { get; init; }

    public static DesiredState Empty { get; } = new() { Generation = 0, Published = default, Models = new Dictionary<ModelName, DesiredModel>() };

    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static DesiredState Parse(ReadOnlySpan<byte> json)
    {
        var state = Documents.Read("desired-state.json", json, RepositoryJson.Default.DesiredState);
        return state.Schema == CurrentSchema
            ? state
            : throw new InvalidDocumentException("desired-state.json", "schema", $"It is {state.Schema}; this release reads {CurrentSchema}.");
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.DesiredState);
}
