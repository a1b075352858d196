using System.Diagnostics.CodeAnalysis;

namespace ModelPlatform.Sync.Replicas;

/// <summary>What a replica calls itself: 1 to 128 printable ASCII characters, none of them a slash, so that it is one segment of a path.</summary>
internal sealed record ReplicaId
{
    public const int MaxLength = 128;

    private readonly string _value;

    private ReplicaId(string value) => _value = value;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ReplicaId? id)
    {
        id = text is { Length: > 0 and <= MaxLength } && text.All(c => c is > ' ' and < '\x7f' and not '/') ? new ReplicaId(text) : null;
        return id is not null;
    }

    public override string ToString() => _value;
}
