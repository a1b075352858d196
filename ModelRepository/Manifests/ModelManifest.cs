using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.Manifests;

/// <summary>
/// A version's model.json. Written last, it commits the version: it lists every other file with its size and digest.
/// Members that are not known are an error that names them; all but <see cref="Files"/> are optional.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelManifest
{
    /// <summary>The largest model.json that is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    public const string ImageClassification = "image-classification";

    /// <summary><c>image-classification</c>, or null for a model that is scored with tensors only.</summary>
    public string? Task { get; init; }

    /// <summary>The file that holds one label a line; the line's index is the class.</summary>
    public FilePath? Labels { get; init; }

    public PreprocessPlan? Preprocess { get; init; }

    public PostprocessPlan? Postprocess { get; init; }

    public BatchingPlan? Batching { get; init; }

    public ExecutionPlan? Execution { get; init; }

    public IReadOnlyList<GoldenSample> Golden { get; init => field = Absent.Or(value, []); } = [];

    /// <summary>Says that inputs and outputs differ from the versions before on purpose.</summary>
    public bool SignatureChange { get; init; }

    public IReadOnlyDictionary<FilePath, ManifestFile>? Files { get; init; }

    /// <summary>Every file that it speaks of, besides the model itself.</summary>
    [JsonIgnore]
    public IEnumerable<FilePath> Mentioned => Golden.SelectMany(sample => sample.Files).Concat(Labels is null ? [] : [Labels]).Distinct();

    /// <summary>Reads a committed model.json.</summary>
    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static ModelManifest Parse(ReadOnlySpan<byte> json)
    {
        var manifest = ParseDraft(json);
        ManifestRules.RequireFiles(manifest);
        return manifest;
    }

    /// <summary>Reads a model.json before publishing, when the files are still to be counted.</summary>
    /// <exception cref="InvalidDocumentException">Names the member and the reason.</exception>
    public static ModelManifest ParseDraft(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes) throw new InvalidDocumentException(RepositoryLayout.ManifestName, "", $"It is larger than {MaxBytes} bytes.");
        var manifest = Documents.Read(RepositoryLayout.ManifestName, json, RepositoryJson.Default.ModelManifest);
        ManifestRules.Require(manifest);
        return manifest;
    }
}
