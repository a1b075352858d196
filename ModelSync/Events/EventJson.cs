using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelPlatform.Sync.Events;

/// <summary>The members of an event that we read, of both schemas; all others are skipped.</summary>
internal sealed record SentEvent(string? EventType, string? Type, [property: JsonPropertyName("specversion")] string? SpecVersion, string? Subject, JsonElement Data);

internal sealed record ValidationData(string? ValidationCode);

internal sealed record ValidationAnswer(string ValidationResponse);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SentEvent))]
[JsonSerializable(typeof(ValidationData))]
[JsonSerializable(typeof(ValidationAnswer))]
internal sealed partial class EventJson : JsonSerializerContext;
