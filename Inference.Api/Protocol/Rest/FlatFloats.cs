namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The commonest large body there is, one array of numbers for an FP32 tensor, in one pass over its text: the general reader takes four times as long.</summary>
internal static class FlatFloats
{
    /// <param name="text">What follows the array's opening bracket.</param>
    /// <param name="elements">As many as there must be.</param>
    /// <returns>Where the closing bracket is; -1 where anything is not as it should be, which the general reader can say better.</returns>
    public static int Read(ReadOnlySpan<byte> text, Span<float> elements)
    {
        var at = 0;
        for (var i = 0; i < elements.Length; i++)
        {
            at = SkipSpace(text, at);
            var length = ShortFloats.Scan(text, at, out elements[i]);
            if (length == 0) length = FloatText.Scan(text[at..], out elements[i]);
            if (length == 0 || !float.IsFinite(elements[i])) return -1;
            at = SkipSpace(text, at + length);
            if (i < elements.Length - 1 && (at == text.Length || text[at++] != ',')) return -1;
        }
        return elements.Length > 0 && at < text.Length && text[at] == ']' ? at : -1;
    }

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') at++;
        return at;
    }
}
