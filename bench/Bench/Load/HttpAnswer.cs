using System.Buffers.Text;

namespace ModelPlatform.Bench.Load;

/// <summary>As much of HTTP/1.1 as it takes to see that an answer is complete.</summary>
internal static class HttpAnswer
{
    /// <param name="received">All bytes since the request was sent.</param>
    /// <returns>Its status; 0 as long as something is missing.</returns>
    public static int StatusOf(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        var headers = received[..(end + 2)];
        var body = received[(end + 4)..];
        // "HTTP/1.1 200 OK"
        if (!Utf8Parser.TryParse(headers[9..], out int status, out _)) throw new InvalidDataException("The answer is not HTTP.");
        var isComplete = HeaderOf(headers, "transfer-encoding"u8).IsEmpty
            ? Utf8Parser.TryParse(HeaderOf(headers, "content-length"u8), out int length, out _) ? body.Length >= length : status is 204 or 304
            : IsLastChunkIn(body);
        return isComplete ? status : 0;
    }

    /// <param name="received">A complete answer.</param>
    public static bool EndsConnection(ReadOnlySpan<byte> received) =>
        System.Text.Ascii.EqualsIgnoreCase(HeaderOf(received[..(received.IndexOf("\r\n\r\n"u8) + 2)], "connection"u8), "close"u8);

    private static ReadOnlySpan<byte> HeaderOf(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            var end = headers.IndexOf("\r\n"u8);
            if (end < 0) return [];
            var line = headers[..end];
            if (line.Length > name.Length && line[name.Length] == ':' && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name)) return line[(name.Length + 1)..].Trim((byte)' ');
            headers = headers[(end + 2)..];
        }
    }

    private static bool IsLastChunkIn(ReadOnlySpan<byte> body)
    {
        while (Utf8Parser.TryParse(body, out int size, out var digits, 'x'))
        {
            if (size == 0) return body[digits..].StartsWith("\r\n\r\n"u8);
            var whole = digits + 2 + size + 2;
            if (body.Length < whole) return false;
            body = body[whole..];
        }
        return false;
    }
}
