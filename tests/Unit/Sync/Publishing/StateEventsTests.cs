using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Tests.Unit.Sync.Planning;

namespace ModelPlatform.Tests.Unit.Sync.Publishing;

public sealed class StateEventsTests
{
    private static readonly ReplicaId[] Named = [.. Enumerable.Range(0, 2000).Select(number => ReplicaId.Parse($"inference-api-7d9c5b8f6d-{number:00000}"))];
    private static readonly ReplicaId Other = ReplicaId.Parse("other");

    [Fact]
    public async Task Whoever_is_named_is_told_so_and_nothing_of_the_others()
    {
        var events = new StateEvents(Rollout());
        foreach (var replica in Named.Take(3))
        {
            var told = Parse(await events.ForAsync(replica)).Models[Offers.Fashion];
            Assert.Equal([replica], told.Replicas.Keys);
            Assert.Equal("2", Offers.Text(told.For(replica).Versions));
        }
    }

    [Fact]
    public async Task Whoever_is_not_named_is_told_of_nobody()
    {
        var told = Parse(await new StateEvents(Rollout()).ForAsync(Other)).Models[Offers.Fashion];
        Assert.Empty(told.Replicas);
        Assert.Equal("1", Offers.Text(told.For(Other).Versions));
        Assert.Equal("2", Offers.Text(told.Candidate!.Versions));
    }

    [Fact]
    public async Task However_many_are_named_the_event_is_small()
    {
        var state = Rollout();
        Assert.True(state.Json.Length > WatchPointer.MaxDocumentBytes);
        Assert.InRange((await new StateEvents(state).ForAsync(Named[0])).Bytes.Length, 1, 2000);
    }

    [Fact]
    public async Task A_document_that_is_large_for_other_reasons_is_announced_by_a_pointer()
    {
        var large = Offers.State([.. Enumerable.Range(0, 200).Select(number => (ModelName.Parse($"model-{number}"), Offers.Published("1", "2")))]);
        var events = new StateEvents(new PublishedState(large, large.ToJson(), "etag"));
        Assert.Equal(new WatchPointer(7, "etag"), WatchPointer.Find(Encoding.UTF8.GetBytes((await events.ForAsync(Other)).Item.Data)));
    }

    private static PublishedState Rollout()
    {
        var state = Offers.State((Offers.Fashion, Offers.Published("1") with
        {
            Candidate = new Candidate([Offers.Desired("2")], 7),
            Replicas = Named.ToDictionary(replica => replica, _ => RolloutPart.Candidate),
        }));
        return new PublishedState(state, state.ToJson(), "etag");
    }

    private static DesiredState Parse(WatchEvent told) => DesiredState.Parse(Encoding.UTF8.GetBytes(told.Item.Data));
}
