using System.Buffers.Binary;

namespace ModelPlatform.Inference.Images.Headers;

/// <summary>The one entry of an Exif block that changes how a picture is shown.</summary>
internal static class ExifOrientation
{
    private const ushort Orientation = 0x0112, Short = 3, Upright = 1;

    /// <param name="tiff">II or MM for the order of bytes, 42 (2), where the directory is (4); there: the number of entries (2), and for each tag (2), type (2), count (4), value (4).</param>
    /// <returns>False where it says otherwise, and where it cannot be read: whoever knows more of Exif may look then.</returns>
    public static bool IsUpright(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || tiff[0] != tiff[1] || tiff[0] is not ((byte)'I' or (byte)'M')) return false;
        var isLittle = tiff[0] == 'I';
        var at = Long(tiff[4..], isLittle);
        if (Word(tiff[2..], isLittle) != 42 || at > tiff.Length - 2) return false;
        var directory = tiff[(int)at..];
        var entries = Word(directory, isLittle);
        directory = directory[2..];
        if (directory.Length < entries * 12) return false;
        for (; entries > 0; entries--, directory = directory[12..])
        {
            if (Word(directory, isLittle) == Orientation)
                return Word(directory[2..], isLittle) == Short && Long(directory[4..], isLittle) == 1 && Word(directory[8..], isLittle) == Upright;
        }
        return true;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Long(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
