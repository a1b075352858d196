using System.Globalization;
using Microsoft.Extensions.Primitives;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The body of an inference call: JSON, and after it the tensors in binary form where the header says how long the JSON is.</summary>
/// <param name="Binary">Null without the header.</param>
internal readonly record struct InferBody(ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte>? Binary)
{
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    /// <summary>Nothing but the data of the model's one input.</summary>
    public bool IsRaw => Binary is not null && Json.IsEmpty;

    /// <param name="jsonLength">What the header says. It counts bytes of the body after decompression.</param>
    /// <exception cref="InferenceFault">The header does not fit the body.</exception>
    public static InferBody Split(ReadOnlyMemory<byte> body, StringValues jsonLength)
    {
        if (jsonLength.Count == 0) return new InferBody(body, null);
        if (!long.TryParse(jsonLength.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            throw JsonText.Wrong($"{JsonLengthHeader} '{Quoted.Of(jsonLength)}' is not a number of bytes.");
        if (length > body.Length) throw JsonText.Wrong($"{JsonLengthHeader} is {length}; the body has {body.Length} bytes.");
        return new InferBody(body[..(int)length], body[(int)length..]);
    }
}
