using System.Globalization;

namespace ModelPlatform.Repository.Naming;

/// <summary>Where things are in the container.</summary>
public static class RepositoryLayout
{
    public const string ContainerName = "models";

    /// <summary>The platform's own bookkeeping.</summary>
    public const string PlatformFolder = ".platform/";

    public const string DesiredState = ".platform/desired-state.json";
    public const string Overrides = ".platform/overrides.json";
    public const string History = ".platform/history";

    /// <summary>The blob whose lease makes a ModelSync the leader.</summary>
    public const string Leader = ".platform/leader";

    public const string ManifestName = "model.json";
    public const string ModelFileName = "model.onnx";
    public const string ServingName = "serving.json";

    /// <summary>Of the flat form, at the container's root.</summary>
    public const string FlatModelSuffix = ".onnx";
    public const string FlatLabelsSuffix = ".labels.txt";
    public const string FlatServingSuffix = ".serving.json";
    public const string SharedLabelsName = "synset.txt";

    /// <summary>Names the blob metadata in which a publisher leaves its W3C trace context.</summary>
    public const string TraceParentMetadata = "traceparent";

    public static FilePath Manifest { get; } = FilePath.Parse(ManifestName);
    public static FilePath ModelFile { get; } = FilePath.Parse(ModelFileName);

    /// <summary>An append blob takes a bounded number of writes, so the history is a row of files: history.jsonl, history-2.jsonl and so on.</summary>
    public static string HistoryFile(int number) => number == 1 ? $"{History}.jsonl" : string.Create(CultureInfo.InvariantCulture, $"{History}-{number}.jsonl");

    /// <summary>Null where it is no file of the history.</summary>
    public static int? HistoryNumber(string blob)
    {
        if (blob == HistoryFile(1)) return 1;
        var digits = blob.StartsWith(History + "-", StringComparison.Ordinal) && blob.EndsWith(".jsonl", StringComparison.Ordinal) ? blob[(History.Length + 1)..^6] : "";
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 1 && blob == HistoryFile(number) ? number : null;
    }

    /// <summary>The folder of a version, with the slash at its end: <c>fashion/2/</c>.</summary>
    public static string FolderOf(ModelId id) => $"{id.Name}/{id.Version}/";

    public static string BlobOf(ModelId id, FilePath file) => FolderOf(id) + file;
}
