using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Tests.Unit;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>A former leader that does not know yet, or was paused between its plan and its write: docs/decisions/0009.</summary>
public sealed class FenceTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_former_leader_has_in_hand_is_not_written_after_the_touch()
    {
        var storage = await ContainerAsync();
        var document = new DesiredStateBlob(storage.Container);
        var first = await document.TryWriteAsync(Generation(1), null, Cancelled);

        await document.FenceAsync("b", Cancelled);

        Assert.Null(await document.TryWriteAsync(Generation(2), first!.Etag, Cancelled));
        var (stored, _) = await document.ReadAsync(isReplaceable: false, Cancelled);
        Assert.Equal(first.Json, stored!.Json);
        Assert.Equal("b", (await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).GetPropertiesAsync(cancellationToken: Cancelled)).Value.Metadata["leader"]);
        Assert.NotNull(await document.TryWriteAsync(Generation(2), stored.Etag, Cancelled));
    }

    [Fact]
    public async Task A_last_write_between_look_and_touch_is_seen_and_touched_too()
    {
        var storage = await ContainerAsync();
        var former = new DesiredStateBlob(storage.Container);
        var etag = (await former.TryWriteAsync(Generation(1), null, Cancelled))!.Etag;
        var lastWrites = 3;
        var successor = new DesiredStateBlob(new Meanwhile(Meanwhile.IsTouch, async () =>
        {
            if (lastWrites-- > 0) etag = (await former.TryWriteAsync(Generation(9 - lastWrites), etag, Cancelled))!.Etag;
        }).In(storage));

        await successor.FenceAsync("b", Cancelled);

        Assert.Equal(-1, lastWrites);
        Assert.Null(await former.TryWriteAsync(Generation(10), etag, Cancelled));
        Assert.Equal(9, (await successor.ReadAsync(isReplaceable: false, Cancelled)).State!.Document.Generation);
    }

    [Fact]
    public async Task Without_a_document_there_is_nothing_to_touch_and_the_first_write_wins()
    {
        var document = new DesiredStateBlob((await ContainerAsync()).Container);
        await document.FenceAsync("b", Cancelled);
        Assert.NotNull(await document.TryWriteAsync(Generation(1), null, Cancelled));
        Assert.Null(await document.TryWriteAsync(Generation(1), null, Cancelled));
    }

    [Fact]
    public async Task A_leader_whose_own_clock_says_that_its_lease_is_over_does_not_even_try()
    {
        var time = new FakeTime();
        var storage = await ContainerAsync();
        var replicas = new ReplicaRegistry(Microsoft.Extensions.Options.Options.Create(new ReplicaOptions()), time);
        var publication = new StatePublication(new DesiredStateBlob(storage.Container), new StateFeed(), replicas, Leaders.Leading(time, TimeSpan.FromSeconds(15)), time);
        Assert.True(await publication.TryPublishAsync(DesiredState.Empty.Models, null, Cancelled));

        time.Advance(TimeSpan.FromSeconds(14));

        Assert.False(await publication.TryPublishAsync(DesiredState.Empty.Models, null, Cancelled));
        Assert.Equal(1, (await new DesiredStateBlob(storage.Container).ReadAsync(isReplaceable: false, Cancelled)).State!.Document.Generation);
    }

    private async Task<Storage> ContainerAsync()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        return storage;
    }

    private static DesiredState Generation(long generation) => DesiredState.Empty with { Generation = generation, Published = DateTimeOffset.UnixEpoch };
}
