using Azure.Storage.Blobs;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Detection;

/// <summary>Reads what a listing names: the model.json of each version, the serving.json of each model, the wishes of operators.</summary>
internal sealed class RepositoryReader(BlobContainerClient container)
{
    private readonly DocumentShelf<IdentifiedManifest> _manifests = new(container, ModelManifest.MaxBytes, IdentifiedManifest.Read);
    private readonly DocumentShelf<ServingPolicy> _policies = new(container, ServingPolicy.MaxBytes, json => ServingPolicy.Parse(json));
    private readonly DocumentShelf<ModelOverrides> _overrides = new(container, ModelOverrides.MaxBytes, json => ModelOverrides.Parse(json));

    private volatile ModelOverrides _wishes = ModelOverrides.None;

    // Of the reconcile loop alone. Most looks show what the one before has shown, of ten thousand blobs too.
    private (RepositoryTree Tree, ListedBlob? Overrides, RepositorySnapshot Snapshot)? _last;

    /// <summary>Of operators, as they were last read and understood; for others than the reconcile loop.</summary>
    public ModelOverrides Wishes => _wishes;

    /// <returns>Null when the container changed meanwhile: list again.</returns>
    public async Task<RepositorySnapshot?> ReadAsync(RepositoryTree tree, ListedBlob? overrides, CancellationToken cancelled)
    {
        if (_last is { } last && ReferenceEquals(last.Tree, tree) && last.Overrides == overrides && !MayPass) return last.Snapshot;
        var manifests = tree.Models.Values.SelectMany(model => model.Versions).Select(version => version.Files.GetValueOrDefault(RepositoryLayout.Manifest));
        var policies = tree.Models.Values.Select(model => model.Policy);
        var snapshot = await _manifests.FillAsync([.. manifests.OfType<ListedBlob>()], cancelled)
            && await _policies.FillAsync([.. policies.OfType<ListedBlob>()], cancelled)
            && await _overrides.FillAsync(overrides is null ? [] : [overrides], cancelled)
            ? RepositorySnapshot.Of(tree, manifest => _manifests[manifest], serving => _policies[serving]).With(overrides, blob => _overrides[blob])
            : null;
        if (snapshot?.Wishes is { } wishes) _wishes = wishes;
        _last = snapshot is null ? null : (tree, overrides, snapshot);
        return snapshot;
    }

    private bool MayPass => _manifests.MayPass || _policies.MayPass || _overrides.MayPass;
}
