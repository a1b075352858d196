using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>An entry on its way out.</summary>
/// <param name="Id">The same at each try, so that a receiver knows what it has had.</param>
internal sealed record WebhookEvent(HistoryEntry Entry, string Id)
{
    public string Kind => JsonNamingPolicy.CamelCase.ConvertName(Entry.Kind.ToString());

    public string Type => $"modelplatform.model.{Kind}";

    public string Subject => Entry.Version is { } version ? $"{Entry.Model}/{version}" : Entry.Model.ToString();

    /// <summary>A CloudEvent 1.0 in structured mode (https://github.com/cloudevents/spec), with its extension for traces.</summary>
    public JsonObject ToCloudEvent(string source)
    {
        var envelope = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Id,
            ["source"] = source,
            ["type"] = Type,
            ["subject"] = Subject,
            ["time"] = Entry.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["datacontenttype"] = "application/json",
        };
        if (Entry.Traceparent is { } traceparent) envelope["traceparent"] = traceparent;
        envelope["data"] = JsonSerializer.SerializeToNode(Entry, RepositoryJson.Lines.HistoryEntry);
        return envelope;
    }

    /// <summary>What a pipeline is given: a target's own words, with <c>{model}</c> and so on filled in.</summary>
    public JsonObject ToInputs(IReadOnlyDictionary<string, string> words) => new(words.Select(word => KeyValuePair.Create(word.Key, (JsonNode?)Filled(word.Value))));

    private string Filled(string text) => text
        .Replace("{event}", Kind, StringComparison.Ordinal)
        .Replace("{model}", Entry.Model.ToString(), StringComparison.Ordinal)
        .Replace("{version}", Entry.Version?.ToString(), StringComparison.Ordinal)
        .Replace("{identity}", Entry.Identity?.ToString(), StringComparison.Ordinal)
        .Replace("{generation}", Entry.Generation.ToString(provider: null), StringComparison.Ordinal)
        .Replace("{reason}", Entry.Reason, StringComparison.Ordinal);
}
