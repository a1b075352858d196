using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Publishing;

internal sealed record PlannedFile(FilePath Path, long Bytes);

/// <param name="Written">When the file was last written as it was hashed.</param>
internal sealed record HashedFile(PlannedFile File, Sha256Digest Digest, DateTime Written);

/// <summary>What a folder makes of itself as a version: the files to upload, or every problem that keeps it from being one.</summary>
/// <param name="Draft">The author's model.json, which has no list of files yet.</param>
internal sealed record PublishPlan(IReadOnlyList<PlannedFile> Files, ModelManifest Draft, IReadOnlyList<string> Problems)
{
    private static readonly Sha256Digest AnyDigest = Sha256Digest.Of([]);

    public long Bytes => Files.Sum(file => file.Bytes);

    public static PublishPlan Of(IReadOnlyList<FolderFile> listing, byte[]? draft)
    {
        var files = new List<PlannedFile>();
        var problems = new List<string>();
        foreach (var file in listing.Where(file => file.Path != RepositoryLayout.ManifestName))
        {
            if (FilePath.TryParse(file.Path, out var path)) files.Add(new PlannedFile(path, file.Bytes));
            else problems.Add($"'{Quoted.Of(file.Path)}' is not a name for a file of a version: letters, digits, '.', '_', '-', '+' and spaces, at most {FilePath.MaxLength} characters.");
        }
        if (files.All(file => file.Path != RepositoryLayout.ModelFile)) problems.Add($"{RepositoryLayout.ModelFileName} is missing.");

        var plan = new PublishPlan(files, Read(draft, problems), problems);
        problems.AddRange(plan.Draft.Mentioned.Except(files.Select(file => file.Path)).Select(path => $"{RepositoryLayout.ManifestName} mentions '{path}', which is missing."));
        if (problems.Count == 0) problems.AddRange(plan.Trial());
        return plan;
    }

    /// <summary>The model.json that commits the version: the draft and the list of the files.</summary>
    public byte[] Manifest(IEnumerable<HashedFile> files) =>
        Normal(Draft with { Files = files.OrderBy(file => file.File.Path).ToDictionary(file => file.File.Path, file => new ManifestFile(file.File.Bytes, file.Digest)) });

    /// <summary>Whether two model.json say the same, however they are written: releases may write them differently.</summary>
    public static bool SameContent(byte[] ours, byte[] theirs)
    {
        try { return Normal(ModelManifest.Parse(ours)).AsSpan().SequenceEqual(Normal(ModelManifest.Parse(theirs))); }
        catch (InvalidDocumentException) { return false; }
    }

    private static byte[] Normal(ModelManifest manifest)
    {
        var ordered = manifest with { Files = manifest.Files!.OrderBy(file => file.Key).ToDictionary() };
        return JsonSerializer.SerializeToUtf8Bytes(ordered, RepositoryJson.Default.ModelManifest);
    }

    private static ModelManifest Read(byte[]? draft, List<string> problems)
    {
        if (draft is null) return new ModelManifest();
        try
        {
            var manifest = ModelManifest.ParseDraft(draft);
            if (manifest.Files is not null) problems.Add($"{RepositoryLayout.ManifestName}: files: Leave it out: it is written when the version is published.");
            return manifest;
        }
        catch (InvalidDocumentException invalid)
        {
            problems.Add(invalid.Message);
            return new ModelManifest();
        }
    }

    // Readers have rules that are not repeated here, such as how many files there may be.
    private IEnumerable<string> Trial()
    {
        string? problem = null;
        try { ModelManifest.Parse(Manifest(Files.Select(file => new HashedFile(file, AnyDigest, default)))); }
        catch (InvalidDocumentException invalid) { problem = invalid.Message; }
        return problem is null ? [] : [problem];
    }
}
