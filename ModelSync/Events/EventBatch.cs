using System.Text.Json;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Sync.Events;

/// <summary>Events as they come: one, or a list of them, in Event Grid's own schema or in that of CloudEvents 1.0.</summary>
internal static class EventBatch
{
    /// <summary>As many as Event Grid ever sends at once.</summary>
    public const int MaxEvents = 5000;

    private const int MaxDepth = 32;
    private const int MaxCode = 512;

    /// <exception cref="InvalidDocumentException">It is neither; the message says why.</exception>
    public static IReadOnlyList<BlobEvent> Parse(ReadOnlySpan<byte> json)
    {
        var events = new List<BlobEvent>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            var isList = reader.TokenType == JsonTokenType.StartArray;
            while (!isList || reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (events.Count == MaxEvents) throw Malformed(events.Count, $"There are more than {MaxEvents}.");
                events.Add(Read(ref reader, events.Count));
                if (!isList) break;
            }
            // Throws where anything follows.
            reader.Read();
            return events;
        }
        catch (JsonException) { throw Malformed(events.Count, "It is not valid JSON, nested too deep, or not of the form of an event."); }
    }

    private static BlobEvent Read(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Malformed(index, "An object is expected.");
        var sent = JsonSerializer.Deserialize(ref reader, EventJson.Default.SentEvent)!;
        var type = sent switch
        {
            { SpecVersion: null, EventType: { Length: > 0 } eventType } => eventType,
            { SpecVersion: "1.0", Type: { Length: > 0 } cloudType } => cloudType,
            { SpecVersion: null } => throw Malformed(index, "It lacks eventType, and specversion too."),
            { SpecVersion: "1.0" } => throw Malformed(index, "It lacks type."),
            _ => throw Malformed(index, "Its specversion is not 1.0."),
        };
        return new BlobEvent(type, sent.Subject, type == BlobEvent.ValidationType ? CodeIn(sent.Data, index) : null);
    }

    private static string CodeIn(JsonElement data, int index) =>
        data.ValueKind == JsonValueKind.Object && data.Deserialize(EventJson.Default.ValidationData)?.ValidationCode is { Length: > 0 and <= MaxCode } code
            ? code
            : throw Malformed(index, "It asks for an answer and lacks validationCode.");

    private static InvalidDocumentException Malformed(int index, string reason) => new("events", $"[{index}]", reason);
}
