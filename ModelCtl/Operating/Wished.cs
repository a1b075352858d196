using System.Text.Json;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Operating;

/// <summary>What was asked for and granted, for programs.</summary>
internal sealed record Wished(string Wish, ModelName Model, ModelVersion? Version)
{
    public string ToJson() => JsonSerializer.Serialize(this, WishedJson.Default.Wished);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Wished))]
internal sealed partial class WishedJson : JsonSerializerContext;
