using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

/// <summary>What a verified folder holds.</summary>
/// <param name="Manifest">Its model.json; for the flat form, which has none, what its files alone say.</param>
/// <param name="ModelFile">The graph.</param>
/// <param name="Files">Every file that belongs to the version.</param>
/// <param name="IsFlat">Its labels merely lie beside it, so that they may be of another model.</param>
internal sealed record VerifiedVersion(ModelManifest Manifest, FilePath ModelFile, IReadOnlySet<FilePath> Files, bool IsFlat);
