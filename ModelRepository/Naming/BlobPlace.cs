namespace ModelPlatform.Repository.Naming;

/// <summary>What a blob's name says it is. Pure: names come from people and are trusted with nothing.</summary>
public abstract record BlobPlace
{
    private BlobPlace() { }

    /// <summary>The model of which it is a part; null where it is of none, or of several.</summary>
    public ModelName? Owner => this switch
    {
        VersionFile file => file.Id.Name,
        Serving serving => serving.Model,
        FlatModel flat => flat.Model,
        FlatLabels labels => labels.Model,
        FlatServing serving => serving.Model,
        _ => null,
    };

    /// <summary>A file of a version: <c>fashion/2/golden/sneaker.png</c>.</summary>
    public sealed record VersionFile(ModelId Id, FilePath File) : BlobPlace;

    /// <summary>A model's serving.json.</summary>
    public sealed record Serving(ModelName Model) : BlobPlace;

    /// <summary>A model in the flat form: <c>squeezenet.onnx</c> at the root, all of it in one blob.</summary>
    public sealed record FlatModel(ModelName Model) : BlobPlace;

    /// <summary>The labels of one model in the flat form: <c>squeezenet.labels.txt</c>.</summary>
    public sealed record FlatLabels(ModelName Model) : BlobPlace;

    /// <summary>The serving.json of one model in the flat form: <c>squeezenet.serving.json</c>.</summary>
    public sealed record FlatServing(ModelName Model) : BlobPlace;

    /// <summary>The labels of every model in the flat form that has none of its own: <c>synset.txt</c>.</summary>
    public sealed record SharedLabels : BlobPlace;

    /// <summary>The platform's own bookkeeping under <c>.platform/</c>.</summary>
    public sealed record Platform : BlobPlace;

    /// <summary>Not of the repository's form, and why.</summary>
    public sealed record Foreign(string Reason) : BlobPlace;

    public static BlobPlace Of(string blobName)
    {
        if (blobName.StartsWith(RepositoryLayout.PlatformFolder, StringComparison.Ordinal)) return new Platform();

        var slash = blobName.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return AtRoot(blobName);
        if (!ModelName.TryParse(blobName[..slash], out var model))
            return new Foreign($"'{Quoted.Of(blobName[..slash])}' is not a model name ({ModelName.Rule}).");

        var rest = blobName[(slash + 1)..];
        if (rest == RepositoryLayout.ServingName) return new Serving(model);

        slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !ModelVersion.TryParse(rest[..slash], out var version))
            return new Foreign($"'{Quoted.Of(blobName)}' lies in no version's folder of '{model}' ({ModelVersion.Rule}).");
        return FilePath.TryParse(rest[(slash + 1)..], out var file)
            ? new VersionFile(new ModelId(model, version), file)
            : new Foreign($"'{Quoted.Of(blobName)}' has a file name that is not allowed in a version's folder.");
    }

    private static BlobPlace AtRoot(string blobName)
    {
        if (blobName == RepositoryLayout.SharedLabelsName) return new SharedLabels();
        if (Stem(RepositoryLayout.FlatLabelsSuffix) is { } labelled) return Named(labelled, model => new FlatLabels(model));
        if (Stem(RepositoryLayout.FlatServingSuffix) is { } governed) return Named(governed, model => new FlatServing(model));
        if (Stem(RepositoryLayout.FlatModelSuffix) is { } stem) return Named(stem, model => new FlatModel(model));
        return new Foreign($"'{Quoted.Of(blobName)}' lies in no model's folder.");

        string? Stem(string suffix) => blobName.EndsWith(suffix, StringComparison.Ordinal) ? blobName[..^suffix.Length] : null;

        // 'nul' is a model's name, but 'nul.onnx' no file's.
        BlobPlace Named(string name, Func<ModelName, BlobPlace> place) =>
            !ModelName.TryParse(name, out var model) ? new Foreign($"'{Quoted.Of(name)}' is not a model name ({ModelName.Rule}).")
            : FilePath.TryParse(blobName, out _) ? place(model)
            : new Foreign($"'{Quoted.Of(blobName)}' is a file name that is not allowed.");
    }
}
