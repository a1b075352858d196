using System.Globalization;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Naming;

/// <summary>The version of a model: a positive 64-bit integer, written without leading zeros and, in JSON, as a string.</summary>
[JsonConverter(typeof(TextJsonConverter<ModelVersion>))]
public readonly record struct ModelVersion : IParsable<ModelVersion>, IComparable<ModelVersion>
{
    public ModelVersion(long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        Number = number;
    }

    public long Number { get; }

    public static ModelVersion Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var version) ? version : throw new FormatException($"'{Quoted.Of(s)}' is not a version ({Rule}).");

    public static bool TryParse(string? s, out ModelVersion result) => TryParse(s, null, out result);

    public static bool TryParse(string? s, IFormatProvider? provider, out ModelVersion result)
    {
        result = default;
        // Digits are checked here: the framework's parser takes NUL characters at the end.
        if (s is not { Length: > 0 } || s[0] == '0' || !s.All(char.IsAsciiDigit)) return false;
        if (!long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        result = new ModelVersion(number);
        return true;
    }

    public int CompareTo(ModelVersion other) => Number.CompareTo(other.Number);

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);

    internal const string Rule = "a positive integer without leading zeros";
}
