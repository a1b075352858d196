using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Telemetry;

namespace ModelPlatform.Sync.Operating;

/// <summary>What operators wish of a model, written where every ModelSync and modelctl find it; the next pass, which comes at once, plans with it.</summary>
internal sealed class Wishes(BlobContainerClient container, StateFeed feed, WishNews news, Signal hint, SyncMetrics metrics)
{
    /// <returns>Whether anything had to be changed: the caller tells it then.</returns>
    public async Task<bool> ChangeAsync(ModelName model, Func<ModelOverride, ModelOverride> change, CancellationToken cancelled)
    {
        OwnWish? own = null;
        var isWritten = false;
        try
        {
            isWritten = await container.ChangeOverridesAsync(Changed, cancelled);
            hint.Raise();
            return isWritten;
        }
        finally { if (!isWritten) Withdraw(); }

        ModelOverrides Changed(ModelOverrides wishes)
        {
            // Of a try for which somebody else was faster.
            Withdraw();
            var changed = wishes.With(model, change);
            own = changed.Of(model) == wishes.Of(model) ? null : news.Expect(model, changed.Of(model));
            return changed;
        }

        void Withdraw()
        {
            if (own is not null) news.Withdraw(own);
        }
    }

    // A wish for a model that is neither in the repository nor published nor wished for is a slip of the keyboard.
    public async Task<bool> KnowAsync(ModelName model, CancellationToken cancelled) =>
        feed.Current?.Document.Models.ContainsKey(model) == true
        || await AnyBlobAsync($"{model}/", cancelled)
        || await container.GetBlobClient(model + RepositoryLayout.FlatModelSuffix).ExistsAsync(cancelled)
        || (await container.OverridesAsync(cancelled)).Overrides.Models.ContainsKey(model);

    /// <summary>Whether it is published, as a model in the flat form may be, or committed.</summary>
    public async Task<bool> KnowAsync(ModelId id, CancellationToken cancelled) =>
        feed.Current?.Find(id) is not null
        || await container.GetBlobClient(RepositoryLayout.BlobOf(id, RepositoryLayout.Manifest)).ExistsAsync(cancelled);

    private async Task<bool> AnyBlobAsync(string prefix, CancellationToken cancelled)
    {
        await foreach (var page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancelled).AsPages(pageSizeHint: 1))
        {
            metrics.Listed(ListPurpose.Wish);
            if (page.Values.Count > 0) return true;
        }
        return false;
    }
}
