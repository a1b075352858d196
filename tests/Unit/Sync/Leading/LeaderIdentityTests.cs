using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ModelPlatform.Sync.Leading;

namespace ModelPlatform.Tests.Unit.Sync.Leading;

public sealed class LeaderIdentityTests
{
    [Fact]
    public void An_instance_with_a_name_gets_its_lease_again_after_a_restart_and_no_other_one_does()
    {
        var (before, after, other) = (Of("model-sync-1"), Of("model-sync-1"), Of("model-sync-2"));
        Assert.Equal(before.LeaseId, after.LeaseId);
        Assert.NotEqual(before.Run, after.Run);
        Assert.NotEqual(before.LeaseId, other.LeaseId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_name_two_processes_have_nothing_in_common(string? none)
    {
        Assert.NotEqual(Of(none).LeaseId, Of(none).LeaseId);
        Assert.Equal($"{Environment.MachineName}-{Environment.ProcessId}", Of(none).Instance);
    }

    [Fact]
    public void A_name_can_stand_in_a_header() => Assert.Equal("pod-1-", Of("pod 1ä").Instance);

    [Theory]
    [InlineData("http://[::]:8080", "http://{0}:8080")]
    [InlineData("http://0.0.0.0:8080", "http://{0}:8080")]
    [InlineData("http://127.0.0.1:5090", "http://127.0.0.1:5090")]
    public void An_address_names_the_machine_where_the_server_is_bound_to_all(string bound, string told) =>
        Assert.Equal(told.Replace("{0}", Environment.MachineName, StringComparison.Ordinal), Of("a", bound).Address);

    private static LeaderIdentity Of(string? instance, string? bound = null) => new(Options.Create(new LeaderOptions { Instance = instance }), new Server(bound));

    private sealed class Server : IServer
    {
        public Server(string? bound)
        {
            var addresses = new ServerAddressesFeature();
            if (bound is not null) addresses.Addresses.Add(bound);
            Features.Set<IServerAddressesFeature>(addresses);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() { }
    }
}
