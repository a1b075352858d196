using System.Text.Json.Serialization;

namespace ModelPlatform.Cli.Servers;

internal sealed record ErrorAnswer(string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class ServerJson : JsonSerializerContext;
