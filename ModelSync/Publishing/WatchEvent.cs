using System.Net.ServerSentEvents;

namespace ModelPlatform.Sync.Publishing;

/// <summary>An event as it goes out: written down once, however many watches there are.</summary>
internal sealed record WatchEvent(SseItem<string> Item, ReadOnlyMemory<byte> Bytes)
{
    public static async Task<WatchEvent> OfAsync(SseItem<string> item)
    {
        using var bytes = new MemoryStream();
        await SseFormatter.WriteAsync(new[] { item }.ToAsyncEnumerable(), bytes);
        return new WatchEvent(item, bytes.ToArray());
    }
}
