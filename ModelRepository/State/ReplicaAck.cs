using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>What a replica reports of one version; POSTed to ModelSync at each change and once more at each new watch.</summary>
public sealed record ReplicaAck
{
    public required long Generation { get; init; }

    public required ModelName Model { get; init; }

    public required ModelVersion Version { get; init; }

    public required Identity Identity { get; init; }

    public required AckState State { get; init; }

    /// <summary>Why, with <see cref="AckState.Rejected"/> and <see cref="AckState.Retrying"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>From the moment the replica learned of the version, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>With <see cref="AckState.Serving"/>: what the model takes and gives.</summary>
    public ModelSignature? Signature { get; init; }

    /// <summary>With <see cref="AckState.Serving"/> while a rollout runs: what it did with the version so far.</summary>
    public VersionCalls? Calls { get; init; }

    /// <summary>With <see cref="AckState.Shadowing"/>.</summary>
    public ShadowCalls? Shadow { get; init; }

    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static ReplicaAck Parse(ReadOnlySpan<byte> json)
    {
        var ack = Documents.Read("ack", json, RepositoryJson.Default.ReplicaAck);
        if (ack.Generation < 0) throw new InvalidDocumentException("ack", "generation", "It must not be negative.");
        // The serializer lets null through where it is an element of a list.
        if (ack.Signature is { } signature && signature.Inputs.Concat(signature.Outputs).Contains(null)) throw new InvalidDocumentException("ack", "signature", "It must not hold null.");
        return ack;
    }
}

[JsonConverter(typeof(CamelCaseEnumConverter<AckState>))]
public enum AckState
{
    Loading,
    Serving,

    /// <summary>It answers nobody, but runs beside the version that does, and they are compared.</summary>
    Shadowing,

    /// <summary>The content is wrong: final for this identity.</summary>
    Rejected,

    /// <summary>Download, disk or memory failed: tried again for ever.</summary>
    Retrying,

    /// <summary>No longer served or wanted by the replica.</summary>
    Unloaded,
}
