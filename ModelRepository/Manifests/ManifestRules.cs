using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Manifests;

/// <summary>What a model.json must fulfil beyond its form.</summary>
internal static class ManifestRules
{
    private const int MaxSide = 4096;
    private const int MaxFiles = 1000;

    public static void Require(ModelManifest manifest)
    {
        Check(manifest.Task is null or ModelManifest.ImageClassification, "task", $"It must be '{ModelManifest.ImageClassification}' or left out.");
        if (manifest.Preprocess is { } preprocess) Require(preprocess);
        Check(manifest.Postprocess is not { TopK: < 1 or > 1000 }, "postprocess.topK", "It must lie between 1 and 1000.");
        Check(manifest.Batching is not { MaxRows: < 1 or > 4096 }, "batching.maxRows", "It must lie between 1 and 4096.");
        Check(manifest.Batching?.MaxDelay is null || Within(manifest.Batching.MaxDelay.Value), "batching.maxDelay", "It must lie between 0 and 1 s.");
        Check(manifest.Execution is not { IntraOpThreads: < 1 or > 256 }, "execution.intraOpThreads", "It must lie between 1 and 256.");
        Check(manifest.Execution is not { Concurrency: < 1 or > 256 }, "execution.concurrency", "It must lie between 1 and 256.");
        for (var i = 0; i < manifest.Golden.Count; i++) Require(manifest.Golden[i], $"golden[{i}]");
    }

    public static void RequireFiles(ModelManifest manifest)
    {
        var files = manifest.Files ?? throw Wrong("files", "It is missing: it lists every file with its size and digest.");
        Check(files.Count <= MaxFiles, "files", $"There are more than {MaxFiles}.");
        Check(files.ContainsKey(RepositoryLayout.ModelFile), "files", $"'{RepositoryLayout.ModelFileName}' is missing.");
        Check(!files.ContainsKey(RepositoryLayout.Manifest), "files", $"'{RepositoryLayout.ManifestName}' cannot list itself.");
        foreach (var (path, file) in files) Check(file?.Bytes >= 0, $"files.{path}.bytes", "It must be there and not negative.");
        foreach (var path in files.Keys) Check(FoldersOf(path).All(folder => !files.ContainsKey(folder)), "files", $"'{path}' lies in a folder that is itself a file.");
        foreach (var path in manifest.Mentioned) Check(files.ContainsKey(path), "files", $"'{path}' is mentioned but not listed.");
    }

    private static void Require(PreprocessPlan plan)
    {
        Check(plan.Width is null or (>= 1 and <= MaxSide), "preprocess.width", $"It must lie between 1 and {MaxSide}.");
        Check(plan.Height is null or (>= 1 and <= MaxSide), "preprocess.height", $"It must lie between 1 and {MaxSide}.");
        Check(plan.Resize is null || plan.Resize >= Math.Max(plan.Width ?? 1, plan.Height ?? 1) && plan.Resize <= MaxSide,
            "preprocess.resize", $"It must lie between the longer of width and height and {MaxSide}.");
        Check(float.IsFinite(plan.Scale) && plan.Scale != 0, "preprocess.scale", "It must be a finite number other than zero.");
        Check(Fits(plan.Mean, plan.Color), "preprocess.mean", "It must hold one finite number a channel.");
        Check(Fits(plan.Std, plan.Color) && plan.Std?.Contains(0f) != true, "preprocess.std", "It must hold one finite number a channel, none of them zero.");
    }

    private static void Require(GoldenSample? sample, string member)
    {
        // The serializer lets null through where it is an element of a list or a map.
        Check(sample?.Files.Contains(null) == false, member, "It must not be or hold null.");
        var picture = sample is { Image: not null, Label: not null, Inputs: null, Outputs: null };
        var tensors = sample is { Image: null, Label: null, Inputs.Count: > 0, Outputs.Count: > 0 };
        Check(picture || tensors, member, "It must have either 'image' and 'label', or 'inputs' and 'outputs'.");
        Check(sample!.AtLeast is >= 0 and <= 1, $"{member}.atLeast", "It must lie between 0 and 1.");
        Check(double.IsFinite(sample.Tolerance) && sample.Tolerance >= 0, $"{member}.tolerance", "It must not be negative.");
    }

    private static IEnumerable<FilePath> FoldersOf(FilePath path)
    {
        var text = path.ToString();
        for (var slash = text.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = text.IndexOf('/', slash + 1)) yield return FilePath.Parse(text[..slash]);
    }

    private static bool Fits(IReadOnlyList<float>? numbers, ChannelOrder? color) =>
        numbers is null || numbers.All(float.IsFinite) && color switch
        {
            null => numbers.Count is 1 or 3,
            ChannelOrder.Gray => numbers.Count == 1,
            _ => numbers.Count == 3,
        };

    private static bool Within(TimeSpan delay) => delay >= TimeSpan.Zero && delay <= TimeSpan.FromSeconds(1);

    private static void Check(bool fulfilled, string member, string reason)
    {
        if (!fulfilled) throw Wrong(member, reason);
    }

    private static InvalidDocumentException Wrong(string member, string reason) => new(RepositoryLayout.ManifestName, member, reason);
}
