using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Naming;

/// <summary>
/// What a version is, whatever it is called: <c>sha256:</c> and the digest of its model.json, which itself lists the digest of every file,
/// or, in the flat form, the digest of its blobs' names and ETags. Two versions with one identity have the same content.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<Identity>))]
public sealed record Identity(Sha256Digest Digest) : IParsable<Identity>
{
    private const string Prefix = "sha256:";

    public static Identity OfManifest(ReadOnlySpan<byte> json) => new(Sha256Digest.Of(json));

    /// <summary>
    /// Of the blobs of a model in the flat form. What is hashed is UTF-8: for each blob, in ordinal order of the names, its name, a line feed,
    /// its ETag without quotes, a line feed. Neither can hold a line feed.
    /// </summary>
    public static Identity OfBlobs(IEnumerable<(string Name, string Etag)> blobs)
    {
        var lines = blobs.OrderBy(blob => blob.Name, StringComparer.Ordinal).Select(blob => $"{blob.Name}\n{blob.Etag}\n");
        return new(Sha256Digest.Of(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    public static Identity Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var identity) ? identity : throw new FormatException($"'{Quoted.Of(s)}' is not an identity (sha256: and 64 hexadecimal digits).");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Identity result)
    {
        result = s is not null && s.StartsWith(Prefix, StringComparison.Ordinal) && Sha256Digest.TryParse(s[Prefix.Length..], provider, out var digest)
            ? new Identity(digest)
            : null;
        return result is not null;
    }

    public override string ToString() => Prefix + Digest;
}
