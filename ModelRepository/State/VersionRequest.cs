using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>The body of an operator's call: <c>{"version": "2"}</c>. A member that is not known is refused, so that no wish is half understood.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record VersionRequest(ModelVersion? Version = null)
{
    public const int MaxBytes = 1024;

    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static VersionRequest Parse(ReadOnlySpan<byte> json) => json.IsEmpty ? new() : Documents.Read("body", json, RepositoryJson.Default.VersionRequest);
}
