using System.Diagnostics;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class AckOutboxTests
{
    private readonly AckOutbox _outbox = new(new FakeTime());

    [Fact]
    public void Acks_come_out_in_the_order_of_the_last_words()
    {
        Say(1, AckState.Serving);
        Say(2, AckState.Loading);
        Say(2, AckState.Serving);
        Say(1, AckState.Unloaded);
        Assert.Equal(["2 Serving", "1 Unloaded"], Pending());
    }

    [Fact]
    public void An_ack_that_is_under_way_when_all_is_repeated_is_sent_once_more()
    {
        Say(1, AckState.Serving);
        var underWay = _outbox.Pending()[0];
        _outbox.RepeatAll();
        _outbox.Delivered(underWay);
        Assert.Equal(["1 Serving"], Pending());

        _outbox.Delivered(_outbox.Pending()[0]);
        Assert.Empty(Pending());
    }

    [Fact]
    public void Only_the_first_try_belongs_to_the_trace()
    {
        using var activity = new Activity("reload").SetIdFormat(ActivityIdFormat.W3C).Start();
        Say(1, AckState.Serving);
        Assert.Equal(activity.Context, _outbox.Pending()[0].Context);

        _outbox.Undelivered(_outbox.Pending()[0]);
        Assert.Equal(default, _outbox.Pending()[0].Context);
    }

    [Fact]
    public void A_confirmation_of_what_was_not_delivered_yet_stays_in_its_trace()
    {
        using var activity = new Activity("reload").SetIdFormat(ActivityIdFormat.W3C).Start();
        Say(1, AckState.Serving);

        _outbox.Confirm(Ack(1, AckState.Serving, generation: 2));

        var pending = Assert.Single(_outbox.Pending());
        Assert.Equal((2, activity.Context), (pending.Ack.Generation, pending.Context));
    }

    [Fact]
    public void What_was_said_of_a_content_is_taken_back_where_only_another_number_of_it_is_wanted()
    {
        var identity = Identity.OfManifest([1]);
        foreach (var version in (int[])[1, 2]) _outbox.Report(Ack(version, AckState.Rejected, generation: 1) with { Identity = identity });
        var wanted = new DesiredVersion(new ModelVersion(2), identity, "m/2/", new Dictionary<FilePath, DesiredFile>());

        _outbox.Withdraw(DesiredState.Empty with { Generation = 2, Models = new Dictionary<ModelName, DesiredModel> { [ModelName.Parse("m")] = new() { Versions = [wanted] } } });

        Assert.Equal(["2 Rejected", "1 Unloaded"], Pending());
    }

    private void Say(int version, AckState state) => _outbox.Report(Ack(version, state, generation: 1));

    private string[] Pending() => [.. _outbox.Pending().Select(pending => $"{pending.Ack.Version} {pending.Ack.State}")];

    private static ReplicaAck Ack(int version, AckState state, long generation) => new()
    {
        Generation = generation,
        Model = ModelName.Parse("m"),
        Version = new ModelVersion(version),
        Identity = Identity.OfManifest([(byte)version]),
        State = state,
    };
}
