using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli;

/// <summary>A model, or one version of it: <c>fashion</c> or <c>fashion/3</c>.</summary>
internal sealed record ModelTarget(ModelName Model, ModelVersion? Version) : IParsable<ModelTarget>
{
    public static ModelTarget Parse(string s, IFormatProvider? provider = null) =>
        s.Split('/', 2) is [var model, var version] ? new(ModelName.Parse(model), ModelVersion.Parse(version)) : new(ModelName.Parse(s), null);

    public static bool TryParse(string? s, IFormatProvider? provider, out ModelTarget result)
    {
        var parts = (s ?? "").Split('/', 2);
        ModelVersion version = default;
        var isTarget = ModelName.TryParse(parts[0], out var model) && (parts.Length == 1 || ModelVersion.TryParse(parts[1], out version));
        result = isTarget ? new(model!, parts.Length == 1 ? null : version) : null!;
        return isTarget;
    }

    public bool Holds(BlobPlace place) => Version is { } version
        ? place is BlobPlace.VersionFile file && file.Id == new ModelId(Model, version)
        : place.Owner == Model;

    /// <summary>With which the names of all its blobs begin, and of some others too.</summary>
    public string Prefix => Version is { } version ? RepositoryLayout.FolderOf(new ModelId(Model, version)) : Model.ToString();

    public override string ToString() => Version is { } version ? $"{Model}/{version}" : Model.ToString();
}
