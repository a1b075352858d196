using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Naming;

/// <summary>A SHA-256 digest as 64 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(TextJsonConverter<Sha256Digest>))]
public sealed record Sha256Digest : IParsable<Sha256Digest>
{
    private readonly string _hex;

    private Sha256Digest(string hex) => _hex = hex;

    public static Sha256Digest Of(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)));

    public static Sha256Digest Of(IncrementalHash finished) => new(Convert.ToHexStringLower(finished.GetHashAndReset()));

    public static Sha256Digest Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var digest) ? digest : throw new FormatException($"'{Quoted.Of(s)}' is not a SHA-256 digest (64 lower-case hexadecimal digits).");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Sha256Digest result)
    {
        result = s is { Length: 64 } && s.All(char.IsAsciiHexDigitLower) ? new Sha256Digest(s) : null;
        return result is not null;
    }

    public override string ToString() => _hex;
}
