using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>
/// What operators wish, above every serving.json. A member that this release does not know is an error: a wish that is not understood must not be passed over.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelOverrides(int Schema = ModelOverrides.CurrentSchema)
{
    public const int CurrentSchema = 1;
    public const int MaxBytes = 1 << 20;

    private const string Name = "overrides.json";

    public static ModelOverrides None { get; } = new();

    public IReadOnlyDictionary<ModelName, ModelOverride> Models { get; init => field = Absent.Or(value, NoModels); } = NoModels;

    private static IReadOnlyDictionary<ModelName, ModelOverride> NoModels => new Dictionary<ModelName, ModelOverride>();

    public bool Unload(ModelName model) => Models.GetValueOrDefault(model) is { Unload: true };

    public ModelVersion? Pin(ModelName model) => Models.GetValueOrDefault(model)?.Pin;

    public bool Paused(ModelName model) => Models.GetValueOrDefault(model) is { Paused: true };

    /// <summary>All that is wished for the model.</summary>
    public ModelOverride Of(ModelName model) => Models.GetValueOrDefault(model) ?? ModelOverride.Nothing;

    /// <summary>What else is wished for the model stays.</summary>
    public ModelOverrides With(ModelName model, Func<ModelOverride, ModelOverride> change) => With(model, change(Of(model)));

    /// <param name="wish">All that is wished for the model; one that says nothing removes it.</param>
    public ModelOverrides With(ModelName model, ModelOverride wish)
    {
        var models = new SortedDictionary<ModelName, ModelOverride>(Models.ToDictionary()) { [model] = wish };
        if (wish == ModelOverride.Nothing) models.Remove(model);
        return this with { Models = models };
    }

    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static ModelOverrides Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes) throw Wrong("", $"It is larger than {MaxBytes} bytes.");
        var overrides = Documents.Read(Name, json, RepositoryJson.Default.ModelOverrides);
        if (overrides.Schema != CurrentSchema) throw Wrong("schema", $"It is {overrides.Schema}; this release reads {CurrentSchema}.");
        // The serializer lets null through where it is a value of a map.
        foreach (var (model, wish) in overrides.Models)
        {
            if (wish is null) throw Wrong($"models.{model}", "It must not be null.");
        }
        return overrides;
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RepositoryJson.Default.ModelOverrides);

    private static InvalidDocumentException Wrong(string member, string reason) => new(Name, member, reason);
}

/// <summary>A wish that is not made is not written either: an older release would stop at the name of it.</summary>
/// <param name="Unload">No replica is to serve it, although its blobs are there.</param>
/// <param name="Pin">Exactly this version is to be served, whatever serving.json says.</param>
/// <param name="Paused">Its rollouts take no further step.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelOverride(
    bool Unload = false, ModelVersion? Pin = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Paused = false)
{
    public static ModelOverride Nothing { get; } = new();
}
