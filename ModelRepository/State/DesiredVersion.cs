using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>One version to serve: its files as they were when it was resolved.</summary>
/// <param name="Path">The folder in the container, with the slash at its end; empty for the flat form.</param>
/// <param name="Files">Every file, model.json among them unless the form is flat, with the ETag to pin, the size in bytes and the digest.</param>
public sealed record DesiredVersion(ModelVersion Version, Identity Identity, string Path, IReadOnlyDictionary<FilePath, DesiredFile> Files)
{
    /// <summary>Whether it lies at the container's root and has no model.json.</summary>
    [JsonIgnore]
    public bool IsFlat => Path.Length == 0;

    /// <summary>Of all files together; no sum of what people claim overflows it.</summary>
    [JsonIgnore]
    public long Bytes => Files.Values.Aggregate(0L, (sum, file) => file.Bytes > long.MaxValue - sum ? long.MaxValue : sum + file.Bytes);
}

/// <summary>One file of a version: downloaded with <c>If-Match: etag</c>, then checked for size and digest.</summary>
/// <param name="Sha256">Null in the flat form, where nobody has said it: the ETag alone stands for the content.</param>
public sealed record DesiredFile(string Etag, long Bytes, Sha256Digest? Sha256 = null);
