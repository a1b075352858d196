using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Detection;

/// <summary>A listing sorted by what the names say. Pure: any name may occur.</summary>
internal sealed class RepositoryTree
{
    private readonly SortedDictionary<ModelName, ListedModel> _models = [];
    private readonly List<BlobProblem> _foreign = [];
    private readonly List<(ModelName Name, ListedBlob Blob)> _flat = [];
    private readonly Dictionary<ModelName, ListedBlob> _labels = [];
    private readonly List<(ModelName Name, ListedBlob Blob)> _flatServing = [];
    private ListedBlob? _sharedLabels;

    private RepositoryTree() { }

    /// <summary>Every model that has at least one blob; labels or a serving.json at the root alone make none.</summary>
    public IReadOnlyDictionary<ModelName, ListedModel> Models => _models;

    /// <summary>Blobs whose names are not of the repository's form.</summary>
    public IReadOnlyList<BlobProblem> Foreign => _foreign;

    public static RepositoryTree Of(IEnumerable<ListedBlob> blobs)
    {
        var tree = new RepositoryTree();
        foreach (var blob in blobs) tree.Add(blob);
        foreach (var (name, blob) in tree._flat) tree.Model(name).Flat = new FlatModel(blob, tree._labels.GetValueOrDefault(name) ?? tree._sharedLabels);
        foreach (var (name, blob) in tree._flatServing)
        {
            if (tree._models.TryGetValue(name, out var model)) model.FlatServing = blob;
        }
        return tree;
    }

    private void Add(ListedBlob blob)
    {
        switch (BlobPlace.Of(blob.Name))
        {
            case BlobPlace.VersionFile place: Model(place.Id.Name).Add(place.Id.Version, place.File, blob); break;
            case BlobPlace.Serving place: Model(place.Model).Serving = blob; break;
            case BlobPlace.FlatModel place: _flat.Add((place.Model, blob)); break;
            case BlobPlace.FlatLabels place: _labels[place.Model] = blob; break;
            case BlobPlace.FlatServing place: _flatServing.Add((place.Model, blob)); break;
            case BlobPlace.SharedLabels: _sharedLabels = blob; break;
            case BlobPlace.Foreign place: _foreign.Add(new BlobProblem(blob, place.Reason)); break;
        }
    }

    private ListedModel Model(ModelName name)
    {
        if (!_models.TryGetValue(name, out var model)) _models.Add(name, model = new ListedModel());
        return model;
    }
}

internal sealed class ListedModel
{
    private readonly SortedDictionary<ModelVersion, SortedDictionary<FilePath, ListedBlob>> _versions = [];

    /// <summary>Beside the versions.</summary>
    public ListedBlob? Serving { get; set; }

    /// <summary>Beside the flat model.</summary>
    public ListedBlob? FlatServing { get; set; }

    public FlatModel? Flat { get; set; }

    public bool IsFlat => Flat is not null && !HasVersions;

    /// <summary>The serving.json that counts: that of the form which does.</summary>
    public ListedBlob? Policy => IsFlat ? FlatServing : Serving;

    /// <summary>Whether somebody has committed a version, be it a bad one; an upload that goes on does not count.</summary>
    public bool HasVersions => _versions.Values.Any(files => files.ContainsKey(RepositoryLayout.Manifest));

    public IEnumerable<(ModelVersion Version, IReadOnlyDictionary<FilePath, ListedBlob> Files)> Versions =>
        _versions.Select(version => (version.Key, (IReadOnlyDictionary<FilePath, ListedBlob>)version.Value));

    public void Add(ModelVersion version, FilePath file, ListedBlob blob)
    {
        if (!_versions.TryGetValue(version, out var files)) _versions.Add(version, files = []);
        files[file] = blob;
    }
}

/// <summary>A model at the container's root, with the labels to try on it.</summary>
internal sealed record FlatModel(ListedBlob Model, ListedBlob? Labels)
{
    public IReadOnlyList<ListedBlob> Blobs => Labels is null ? [Model] : [Model, Labels];
}

/// <summary>A blob that cannot be used as it is, and why.</summary>
internal sealed record BlobProblem(ListedBlob Blob, string Reason);
