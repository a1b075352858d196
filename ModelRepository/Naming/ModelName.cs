using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Naming;

/// <summary>
/// The name of a model: 1 to 63 ASCII letters, digits, dots, underscores and hyphens, beginning and ending with a letter or digit.
/// A value of this type is safe as one segment of a path or a URL.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<ModelName>))]
public sealed record ModelName : IParsable<ModelName>, IComparable<ModelName>
{
    public const int MaxLength = 63;

    private readonly string _value;

    private ModelName(string value) => _value = value;

    public static ModelName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var name) ? name : throw new FormatException($"'{Quoted.Of(s)}' is not a model name ({Rule}).");

    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out ModelName result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ModelName result)
    {
        result = s is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(s[0]) && char.IsAsciiLetterOrDigit(s[^1]) && s.All(IsAllowed)
            ? new ModelName(s)
            : null;
        return result is not null;
    }

    public int CompareTo(ModelName? other) => string.CompareOrdinal(_value, other?._value);

    public override string ToString() => _value;

    internal const string Rule = "1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit";

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
