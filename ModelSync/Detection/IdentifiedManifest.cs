using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Detection;

/// <summary>A committed model.json and the identity that its bytes give the version.</summary>
internal sealed record IdentifiedManifest(Identity Identity, ModelManifest Manifest)
{
    public static IdentifiedManifest Read(byte[] json) => new(Identity.OfManifest(json), ModelManifest.Parse(json));
}
