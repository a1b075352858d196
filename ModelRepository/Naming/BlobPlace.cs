namespace ModelPlatform.Repository.Naming;

/// <summary>What a blob's name says it is. Pure: names come from people and are trusted with nothing.</summary>
public abstract record BlobPlace
{
    private BlobPlace() { }

    /// <summary>A file of a version: <c>fashion/2/golden/sneaker.png</c>.</summary>
    public sealed record VersionFile(ModelId Id, FilePath File) : BlobPlace;

    /// <summary>A model's serving.json.</summary>
    public sealed record Serving(ModelName Model) : BlobPlace;

    /// <summary>The platform's own bookkeeping under <c>.platform/</c>.</summary>
    public sealed record Platform : BlobPlace;

    /// <summary>Not of the repository's form, and why.</summary>
    public sealed record Foreign(string Reason) : BlobPlace;

    public static BlobPlace Of(string blobName)
    {
        if (blobName.StartsWith(".platform/", StringComparison.Ordinal)) return new Platform();

        var slash = blobName.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return new Foreign($"'{Quoted.Of(blobName)}' lies in no model's folder.");
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
}
