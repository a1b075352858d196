using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace ModelPlatform.Inference.Protocol;

/// <summary>Pictures in JSON: an array of base64 strings; each may come as Python prints its bytes, <c>b'…'</c>.</summary>
internal static class Base64Pictures
{
    /// <summary>Reads the array at which the reader stands, to its end.</summary>
    /// <param name="place">What the array is called.</param>
    /// <exception cref="InferenceFault">Names the picture and what is wrong with it.</exception>
    public static List<ReadOnlyMemory<byte>> Read(ref Utf8JsonReader json, string place, int maxPictures)
    {
        var count = Count(json);
        if (count > maxPictures) throw new InferenceFault(FaultKind.TooLarge, $"{place} holds {count} pictures; the limit is {maxPictures}.");

        var pictures = new List<ReadOnlyMemory<byte>>(count);
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read())
        {
            if (json.TokenType != JsonTokenType.String) throw JsonText.Wrong($"Picture {pictures.Count} is no string.");
            pictures.Add(json.ValueIsEscaped ? Picture(json.Utf8($"Picture {pictures.Count}"), pictures.Count) : Picture(json.ValueSpan, pictures.Count));
        }
        return pictures;
    }

    private static int Count(Utf8JsonReader json)
    {
        var count = 0;
        for (json.Read(); json.TokenType != JsonTokenType.EndArray; json.Read(), count++) json.Skip();
        return count;
    }

    private static ReadOnlyMemory<byte> Picture(ReadOnlySpan<byte> text, int index)
    {
        if (text.Length > 2 && text.StartsWith("b'"u8) && text[^1] == '\'') text = text[2..^1];
        var picture = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3];
        return Base64.DecodeFromUtf8(text, picture, out _, out var written) == OperationStatus.Done && written > 0
            ? picture.AsMemory(0, written)
            : throw JsonText.Wrong($"Picture {index} is not base64.");
    }
}
