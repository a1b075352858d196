using System.Buffers.Text;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Sync.Events;

/// <summary>The text of a message of the queue: events as they are, or in Base64, as Event Grid puts them there.</summary>
internal static class QueuedEvent
{
    /// <exception cref="InvalidDocumentException">It has no events.</exception>
    public static IReadOnlyList<BlobEvent> Parse(BinaryData message)
    {
        var text = message.ToMemory().Span;
        if (!Base64.IsValid(text, out var length)) return EventBatch.Parse(text);
        var json = new byte[length];
        Base64.DecodeFromUtf8(text, json, out _, out var written);
        return EventBatch.Parse(json.AsSpan(0, written));
    }
}
