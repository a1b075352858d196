using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Naming;

/// <summary>
/// The path of a file inside a version's folder: segments of ASCII letters, digits, '.', '_', '-', '+' and space, joined by '/'.
/// No segment is empty, '.', '..', begins with a space, ends in a dot or space, or names a device of Windows, so that a value can never
/// leave the folder on any file system.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<FilePath>))]
public sealed record FilePath : IParsable<FilePath>, IComparable<FilePath>
{
    public const int MaxLength = 512;

    private readonly string _value;

    private FilePath(string value) => _value = value;

    public static FilePath Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var path) ? path : throw new FormatException($"'{Quoted.Of(s)}' is not a file path inside a version's folder.");

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out FilePath result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out FilePath result)
    {
        result = s is { Length: > 0 and <= MaxLength } && s.Split('/').All(IsSegment) ? new FilePath(s) : null;
        return result is not null;
    }

    public int CompareTo(FilePath? other) => string.CompareOrdinal(_value, other?._value);

    public override string ToString() => _value;

    private static bool IsSegment(string segment) =>
        segment.Length > 0 && segment[^1] is not ('.' or ' ') && segment[0] != ' ' && segment.All(IsAllowed) && !IsDevice(segment.Split('.')[0].TrimEnd(' '));

    // Windows takes "NUL" and "nul.txt" in any folder for the device.
    private static bool IsDevice(string name) => name.ToUpperInvariant() switch
    {
        "CON" or "PRN" or "AUX" or "NUL" => true,
        ['C', 'O', 'M', >= '0' and <= '9'] or ['L', 'P', 'T', >= '0' and <= '9'] => true,
        _ => false,
    };

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or ' ';
}
