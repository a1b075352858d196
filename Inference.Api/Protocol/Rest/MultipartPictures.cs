using System.Text;
using Microsoft.Net.Http.Headers;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// The parts of a multipart/form-data body, each a picture: the boundary, header lines, an empty line, the picture, and the next boundary. They stay where they are in
/// the body; what a part is called does not matter, and its decoder tells its format.
/// </summary>
internal static class MultipartPictures
{
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <exception cref="InferenceFault">The content type has no boundary.</exception>
    public static byte[] Boundary(MediaTypeHeaderValue media)
    {
        var boundary = HeaderUtilities.RemoveQuotes(media.Boundary);
        // RFC 2046 allows no longer one.
        if (boundary.Length is 0 or > 70) throw Wrong("The Content-Type has no boundary of 1 to 70 characters.");
        return Encoding.Latin1.GetBytes($"\r\n--{boundary}");
    }

    /// <param name="boundary">As it stands before each part, the end of the line before it included.</param>
    /// <exception cref="InferenceFault">Names the part that ends too early.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> body, byte[] boundary, int maxPictures)
    {
        var pictures = new List<ReadOnlyMemory<byte>>();
        // Before the first part there may be no line that ends.
        if (!body.Span.StartsWith(boundary.AsSpan(2))) body = After(body, boundary) ?? throw Wrong("The body does not hold the boundary that its Content-Type names.");
        else body = body[(boundary.Length - 2)..];

        while (!body.Span.StartsWith("--"u8))
        {
            if (pictures.Count == maxPictures) throw new InferenceFault(FaultKind.TooLarge, $"The body holds more than {maxPictures} pictures.");
            // A part without headers has the empty line at once.
            var content = After(body, "\r\n\r\n"u8) ?? throw Early(pictures.Count);
            var length = content.Span.IndexOf(boundary);
            if (length < 0 || !body.Span.TrimStart(" \t"u8).StartsWith(LineEnd)) throw Early(pictures.Count);
            pictures.Add(content[..length]);
            body = content[(length + boundary.Length)..];
        }
        return pictures.Count > 0 ? pictures : throw Wrong("The body holds no picture.");
    }

    private static ReadOnlyMemory<byte>? After(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> mark)
    {
        var at = body.Span.IndexOf(mark);
        // A bare null would become a body of nothing: there is a conversion.
        return at < 0 ? new ReadOnlyMemory<byte>?() : body[(at + mark.Length)..];
    }

    private static InferenceFault Early(int picture) => Wrong($"Picture {picture} is not a whole part of the body.");

    private static InferenceFault Wrong(string reason) => new(FaultKind.InvalidInput, reason);
}
