using System.Globalization;

namespace ModelPlatform.Cli;

internal static class ByteSize
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Three digits or more, in units of 1000: <c>401 kB</c>, <c>1.20 GB</c>.</summary>
    public static string Of(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 999.5 && unit < Units.Length - 1; unit++) size /= 1000;
        var format = unit == 0 || size >= 99.95 ? "0" : size >= 9.995 ? "0.0" : "0.00";
        return size.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
