using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>One version to serve: its files as they were when it was resolved.</summary>
/// <param name="Path">The folder in the container, with the slash at its end.</param>
/// <param name="Files">Every file, model.json among them, with the ETag to pin, the size in bytes and the digest.</param>
public sealed record DesiredVersion(ModelVersion Version, Identity Identity, string Path, IReadOnlyDictionary<FilePath, DesiredFile> Files)
{
    [JsonIgnore]
    public long Bytes => Files.Values.Sum(file => file.Bytes);
}

/// <summary>One file of a version: downloaded with <c>If-Match: etag</c>, then checked for size and digest.</summary>
public sealed record DesiredFile(string Etag, long Bytes, Sha256Digest Sha256);
