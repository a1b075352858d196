using System.Security.Cryptography;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Checks that a folder of the cache holds exactly what its identity says: the digest of model.json, and through it that of every file.
/// The identity of the flat form is made of ETags, which only storage can check: here sizes remain, and digests where they are known.
/// </summary>
internal static class VersionFiles
{
    /// <exception cref="UnfitModelException">Names the file that differs.</exception>
    public static VerifiedVersion Verify(string folder, DesiredVersion version)
    {
        if (version.IsFlat) return VerifyFlat(folder, version);
        RequireOwn(folder, RepositoryLayout.Manifest);
        var target = Path.Combine(folder, RepositoryLayout.ManifestName);
        if (!File.Exists(target)) throw new UnfitModelException("model.json is missing.");
        var json = File.ReadAllBytes(target);
        if (Identity.OfManifest(json) != version.Identity) throw new UnfitModelException("model.json is not the one that was published (its digest differs).");
        var manifest = Parse(json);
        foreach (var (path, file) in manifest.Files!) Verify(folder, path, file.Bytes, file.Sha256, RepositoryLayout.ManifestName);
        return new VerifiedVersion(manifest, RepositoryLayout.ModelFile, manifest.Files.Keys.ToHashSet(), IsFlat: false);
    }

    private static VerifiedVersion VerifyFlat(string folder, DesiredVersion version)
    {
        foreach (var (path, file) in version.Files) Verify(folder, path, file.Bytes, file.Sha256, "the desired state");
        var models = version.Files.Keys.Where(path => path.ToString().EndsWith(RepositoryLayout.FlatModelSuffix, StringComparison.Ordinal)).ToList();
        if (models is not [var model]) throw new UnfitModelException($"A model in the flat form has one '{RepositoryLayout.FlatModelSuffix}' file; here are {models.Count}.");
        var manifest = new ModelManifest { Labels = version.Files.Keys.FirstOrDefault(path => path != model) };
        return new VerifiedVersion(manifest, model, version.Files.Keys.ToHashSet(), IsFlat: true);
    }

    private static ModelManifest Parse(byte[] json)
    {
        try { return ModelManifest.Parse(json); }
        catch (InvalidDocumentException problem) { throw new UnfitModelException(problem.Message); }
    }

    private static void Verify(string folder, FilePath path, long bytes, Sha256Digest? sha256, string source)
    {
        RequireOwn(folder, path);
        var target = Path.Combine(folder, path.ToString());
        if (!File.Exists(target)) throw new UnfitModelException($"'{path}' is listed in {source} and missing.");
        using var content = File.OpenRead(target);
        if (content.Length != bytes) throw new UnfitModelException($"'{path}' has {content.Length} bytes; {source} says {bytes}.");
        if (sha256 is null) return;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        for (int read; (read = content.Read(buffer)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
        var digest = Sha256Digest.Of(hash);
        if (digest != sha256) throw new UnfitModelException($"'{path}' has the digest {digest}; {source} says {sha256}.");
    }

    // What a link leads to may be another file by the time the runtime opens it, and is none of ours to show.
    private static void RequireOwn(string folder, FilePath path)
    {
        var target = folder;
        foreach (var segment in path.ToString().Split('/'))
        {
            target = Path.Combine(target, segment);
            if (new FileInfo(target).LinkTarget is not null) throw new UnfitModelException($"'{path}' is a link or lies behind one.");
        }
    }
}
