using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelPlatform.Sync.Health;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Tests.Unit.Sync.Replicas;

namespace ModelPlatform.Tests.Unit.Sync.Health;

public sealed class FleetEntriesTests
{
    private const int Many = 1000;
    private readonly ReplicaRegistry _registry = Acks.Registry(new FakeTime());
    private readonly Dictionary<string, ReplicaAnswer> _answers = [];

    [Fact]
    public void A_few_replicas_have_an_entry_each()
    {
        Connect(FleetEntries.MaxReplicas);
        var entries = Entries();
        Assert.Equal(FleetEntries.MaxReplicas, entries.Count);
        Assert.Equal(entries.Keys.Order(StringComparer.Ordinal), entries.Keys);
        Assert.All(entries.Values, entry => Assert.Equal(HealthStatus.Healthy, entry.Status));
    }

    [Fact]
    public void Of_many_those_in_trouble_come_first_and_the_rest_is_counted()
    {
        Connect(Many, except: Many - 1);
        var entries = Entries();
        Assert.Equal(FleetEntries.MaxReplicas + 1, entries.Count);
        Assert.Equal((HealthStatus.Unhealthy, "It is down."), (entries[$"replica r{Many - 1:0000}"].Status, entries[$"replica r{Many - 1:0000}"].Description));
        var rest = entries[FleetEntries.Rest];
        Assert.Equal((HealthStatus.Healthy, "900 of 900 more are healthy; /v1/replicas has them all."), (rest.Status, rest.Description));
        Assert.Equal(["replica"], rest.Tags);
    }

    [Fact]
    public void Trouble_that_has_no_entry_of_its_own_is_told_too()
    {
        Connect(Many, except: [.. Enumerable.Range(0, 150)]);
        var rest = Entries()[FleetEntries.Rest];
        Assert.Equal((HealthStatus.Unhealthy, "850 of 900 more are healthy; /v1/replicas has them all."), (rest.Status, rest.Description));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(200, 5)]
    [InlineData(1000, 25)]
    public void Many_replicas_are_asked_less_often(int asked, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ReplicaRounds.PauseAfter(asked, TimeSpan.FromSeconds(5)));

    private Dictionary<string, HealthReportEntry> Entries() => FleetEntries.Of(_registry.Look().Replicas, _answers, published: null);

    private void Connect(int replicas, params int[] except)
    {
        for (var number = 0; number < replicas; number++)
        {
            var address = $"http://{number}";
            _registry.Connect(Acks.Watch($"r{number:0000}") with { Address = address });
            _answers[address] = new(except.Contains(number) ? "It is down." : null, TimeSpan.Zero);
        }
    }
}
