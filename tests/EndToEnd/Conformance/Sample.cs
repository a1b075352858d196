using System.Buffers.Binary;
using System.Text;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>Two elements of a datatype, its extremes where it has any, in both forms of the protocol.</summary>
/// <param name="OnnxType">Its number in TensorProto.DataType.</param>
/// <param name="Json">Null where JSON has no form for it.</param>
internal sealed record Sample(string Datatype, int OnnxType, string? Json, byte[] Binary)
{
    public static readonly Sample[] OfEveryDatatype =
    [
        new("BOOL", 9, "[true,false]", [1, 0]),
        new("UINT8", 2, "[0,255]", [0, 0xff]),
        new("UINT16", 4, "[0,65535]", [0, 0, 0xff, 0xff]),
        new("UINT32", 12, "[0,4294967295]", [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
        new("UINT64", 13, "[0,18446744073709551615]", [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        new("INT8", 3, "[-128,127]", [0x80, 0x7f]),
        new("INT16", 5, "[-32768,32767]", [0, 0x80, 0xff, 0x7f]),
        new("INT32", 6, "[-2147483648,2147483647]", [0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f]),
        new("INT64", 7, "[-9223372036854775808,9223372036854775807]", [0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
        new("FP16", 10, null, [0, 0x3c, 0, 0xc0]),
        new("BF16", 16, null, [0x80, 0x3f, 0, 0xc0]),
        new("FP32", 1, "[1.5,-2]", [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]),
        new("FP64", 11, "[0.1,-2]", [0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0]),
        new("BYTES", 8, "[\"\",\"héllo\"]", [.. Text(""), .. Text("héllo")]),
    ];

    public string Input => $"{Datatype} in";

    public string Output => $"{Datatype} out";

    /// <summary>As an input of one row, in JSON if that can say it and is wanted.</summary>
    public string ToInput(bool binary, bool nested = false)
    {
        var data = binary || Json is null ? $$""" "parameters":{"binary_data_size":{{Binary.Length}}} """ : $""" "data":{(nested ? $"[{Json}]" : Json)} """;
        return $$"""{"name":"{{Input}}","shape":[1,2],"datatype":"{{Datatype}}",{{data}}}""";
    }

    /// <summary>A text as the binary form has it: its length before it.</summary>
    public static byte[] Text(string text)
    {
        var bytes = new byte[4 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(bytes.Length - 4));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(4));
        return bytes;
    }
}
