namespace ModelPlatform.Repository.Naming;

/// <summary>Where things are in the container.</summary>
public static class RepositoryLayout
{
    public const string ContainerName = "models";

    /// <summary>The platform's own bookkeeping.</summary>
    public const string PlatformFolder = ".platform/";

    public const string DesiredState = ".platform/desired-state.json";
    public const string Overrides = ".platform/overrides.json";
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

    /// <summary>The folder of a version, with the slash at its end: <c>fashion/2/</c>.</summary>
    public static string FolderOf(ModelId id) => $"{id.Name}/{id.Version}/";

    public static string BlobOf(ModelId id, FilePath file) => FolderOf(id) + file;
}
