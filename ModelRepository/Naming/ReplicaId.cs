using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Naming;

/// <summary>
/// What a replica calls itself: 1 to 128 printable ASCII characters, none of them a slash, and not '.' or '..', so that it is one segment of a path.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<ReplicaId>))]
public sealed record ReplicaId : IParsable<ReplicaId>, IComparable<ReplicaId>
{
    public const int MaxLength = 128;

    private readonly string _value;

    private ReplicaId(string value) => _value = value;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ReplicaId? id)
    {
        id = text is { Length: > 0 and <= MaxLength } and not ("." or "..") && text.All(IsAllowed) ? new ReplicaId(text) : null;
        return id is not null;
    }

    /// <summary>The id that is most like a name which was made by others and for other uses.</summary>
    public static ReplicaId Nearest(string name)
    {
        var allowed = string.Concat(name.Take(MaxLength).Select(c => IsAllowed(c) ? c : '-'));
        return TryParse(allowed, out var id) ? id : new ReplicaId("-");
    }

    public static ReplicaId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, out var id) ? id : throw new FormatException($"'{Quoted.Of(s)}' is not a replica's id.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ReplicaId result) => TryParse(s, out result);

    public int CompareTo(ReplicaId? other) => string.CompareOrdinal(_value, other?._value);

    public override string ToString() => _value;

    private static bool IsAllowed(char c) => c is > ' ' and < '\x7f' and not '/';
}
