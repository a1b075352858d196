namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>What follows the JSON: handed out from front to back, all of it and no byte twice.</summary>
internal ref struct BinaryTail
{
    private readonly bool _isThere;
    private ReadOnlySpan<byte> _left;

    public BinaryTail(ReadOnlyMemory<byte>? binary)
    {
        _isThere = binary is not null;
        _left = binary.GetValueOrDefault().Span;
    }

    /// <exception cref="InferenceFault">So many bytes were not sent.</exception>
    public ReadOnlySpan<byte> Take(string place, long bytes)
    {
        if (!_isThere) throw JsonText.Wrong($"{place} is in binary form; the header {InferBody.JsonLengthHeader} must say where that begins.");
        if (bytes > _left.Length) throw JsonText.Wrong($"{place} has {bytes} bytes in binary form; {_left.Length} are left of the body.");
        var taken = _left[..(int)bytes];
        _left = _left[(int)bytes..];
        return taken;
    }

    /// <exception cref="InferenceFault">More was sent than belongs to any input.</exception>
    public readonly void RequireEnd()
    {
        if (!_left.IsEmpty) throw JsonText.Wrong($"The last {_left.Length} bytes of the body belong to no input.");
    }
}
