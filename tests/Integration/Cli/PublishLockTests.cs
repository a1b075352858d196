using Azure.Storage.Blobs.Specialized;
using ModelPlatform.Cli.Publishing;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class PublishLockTests(Azurite azurite)
{
    private static readonly ModelId Id = new(ModelName.Parse("fashion"), new ModelVersion(1));

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_makes_others_wait_until_it_is_released()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        Task<PublishLock> next;
        await using (var first = await PublishLock.TakeAsync(_storage.Container, Id, Cancelled))
        {
            next = PublishLock.TakeAsync(_storage.Container, Id, Cancelled);
            await using (await PublishLock.TakeAsync(_storage.Container, Id with { Version = new ModelVersion(2) }, Cancelled)) { }   // another version is free
            Assert.True(await first.IsHeldAsync(Cancelled));
            Assert.False(next.IsCompleted);
        }
        await using (var second = await next) Assert.True(await second.IsHeldAsync(Cancelled));
        Assert.False(await _storage.Container.GetBlobClient(".platform/publishing/fashion/1").ExistsAsync(Cancelled));
    }

    [Fact]
    public async Task The_lock_of_a_publisher_that_is_gone_runs_out()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PutAsync(".platform/publishing/fashion/1", "");
        var blob = _storage.Container.GetBlobClient(".platform/publishing/fashion/1");
        await blob.GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(15), cancellationToken: Cancelled);

        await using (var next = await PublishLock.TakeAsync(_storage.Container, Id, Cancelled)) Assert.True(await next.IsHeldAsync(Cancelled));
        Assert.False(await blob.ExistsAsync(Cancelled));
    }
}
