using System.Security.Cryptography;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Checks that a folder of the cache holds exactly what its identity says: the digest of model.json, and through it that of every file.</summary>
internal static class VersionFiles
{
    /// <exception cref="UnfitModelException">Names the file that differs.</exception>
    public static ModelManifest Verify(string folder, DesiredVersion version)
    {
        var target = Path.Combine(folder, RepositoryLayout.ManifestName);
        if (!File.Exists(target)) throw new UnfitModelException("model.json is missing.");
        var json = File.ReadAllBytes(target);
        if (Identity.OfManifest(json) != version.Identity) throw new UnfitModelException("model.json is not the one that was published (its digest differs).");
        var manifest = Parse(json);
        foreach (var (path, file) in manifest.Files!) Verify(Path.Combine(folder, path.ToString()), path, file);
        return manifest;
    }

    private static ModelManifest Parse(byte[] json)
    {
        try { return ModelManifest.Parse(json); }
        catch (InvalidDocumentException problem) { throw new UnfitModelException(problem.Message); }
    }

    private static void Verify(string target, FilePath path, ManifestFile file)
    {
        if (!File.Exists(target)) throw new UnfitModelException($"'{path}' is listed in model.json and missing.");
        using var content = File.OpenRead(target);
        if (content.Length != file.Bytes) throw new UnfitModelException($"'{path}' has {content.Length} bytes; model.json says {file.Bytes}.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        for (int read; (read = content.Read(buffer)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
        var digest = Sha256Digest.Of(hash);
        if (digest != file.Sha256) throw new UnfitModelException($"'{path}' has the digest {digest}; model.json says {file.Sha256}.");
    }
}
