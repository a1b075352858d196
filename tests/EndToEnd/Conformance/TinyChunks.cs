using System.Net;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>A body that goes out in as many chunks as it has bytes.</summary>
internal sealed class TinyChunks(byte[] body) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var sent = 0; sent < body.Length; sent++) await stream.WriteAsync(body.AsMemory(sent, 1));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
