using System.Text.Json.Serialization;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Manifests;

/// <summary>Size in bytes and digest of one file of a version.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ManifestFile(long Bytes, Sha256Digest Sha256);
