using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Publishing;

namespace ModelPlatform.Sync.Operating;

/// <summary>What operators wish of a model, written where every ModelSync and modelctl find it; the next pass, which comes at once, plans with it.</summary>
internal sealed class Wishes(BlobContainerClient container, StateFeed feed, Signal hint)
{
    /// <returns>False: there is no such model.</returns>
    public async Task<bool> TryWishAsync(ModelName model, ModelOverride wish, CancellationToken cancelled)
    {
        if (!await IsKnownAsync(model, cancelled)) return false;
        await container.ChangeOverridesAsync(wishes => wishes.With(model, wish), cancelled);
        hint.Raise();
        return true;
    }

    // A wish for a model that is neither in the repository nor published nor wished for is a slip of the keyboard.
    private async Task<bool> IsKnownAsync(ModelName model, CancellationToken cancelled) =>
        feed.Current?.Document.Models.ContainsKey(model) == true
        || await AnyBlobAsync($"{model}/", cancelled)
        || await container.GetBlobClient(model + RepositoryLayout.FlatModelSuffix).ExistsAsync(cancelled)
        || (await container.OverridesAsync(cancelled)).Overrides.Models.ContainsKey(model);

    private async Task<bool> AnyBlobAsync(string prefix, CancellationToken cancelled)
    {
        await using var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancelled).GetAsyncEnumerator(cancelled);
        return await blobs.MoveNextAsync();
    }
}
