using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using ModelPlatform.Sync.Leading;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Sync.Leading;

public sealed class LeadershipTests
{
    private readonly FakeTime _time = new();
    private readonly Leadership _leadership = new();
    private readonly ApplicationLifetime _host = new(NullLogger<ApplicationLifetime>.Instance);

    [Fact]
    public async Task An_instance_leads_from_when_its_term_is_opened_until_it_ends()
    {
        Assert.Equal((false, true), (_leadership.IsLeading, _leadership.Ended.IsCancellationRequested));
        _leadership.StandBy("a");
        Assert.Equal((HealthStatus.Unhealthy, "standby: a leads."), await HealthAsync());

        using var term = Begin();
        Assert.False(_leadership.IsLeading);        // a former leader may still write
        Assert.Equal((HealthStatus.Unhealthy, "standby: it does not have the lease yet."), await HealthAsync());

        _leadership.Open(term);
        var ended = _leadership.Ended;
        Assert.Equal((true, false), (_leadership.IsLeading, ended.IsCancellationRequested));
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal((false, true), (_leadership.IsLeading, ended.IsCancellationRequested));
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync()).Status);
    }

    [Fact]
    public async Task It_says_no_as_soon_as_it_is_told_to_stop()
    {
        using var term = Begin();
        _leadership.Open(term);
        _host.StopApplication();
        Assert.Equal((HealthStatus.Unhealthy, "It is shutting down."), await HealthAsync());
    }

    [Fact]
    public async Task Work_is_done_once_in_each_term_and_survives_its_end()
    {
        using var stopping = new CancellationTokenSource();
        var terms = new List<Term>();
        var working = _leadership.InEachTermAsync(
            async term =>
            {
                terms.Add(term);
                var cutOff = new TaskCompletionSource();
                await using var registration = term.Ended.Register(() => cutOff.SetException(new IOException("the storage went with the lease")));
                await cutOff.Task;
            },
            stopping.Token);

        using var first = Begin();
        await Eventually.IsTrueAsync("the first term", () => Task.FromResult(terms.Count == 1));
        first.End();
        using var second = Begin();
        await Eventually.IsTrueAsync("the second term", () => Task.FromResult(terms.Count == 2));
        Assert.Equal([first, second], terms);
        Assert.False(working.IsCompleted);

        second.End();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
    }

    [Fact]
    public async Task What_fails_within_a_term_is_no_matter_of_the_lease()
    {
        using var term = Begin();
        await Assert.ThrowsAsync<IOException>(() => _leadership.InEachTermAsync(_ => throw new IOException(), CancellationToken.None));
    }

    private Term Begin()
    {
        var term = new Term(_time.GetTimestamp(), TimeSpan.FromSeconds(15), true, _time, CancellationToken.None);
        _leadership.Begin(term);
        return term;
    }

    private async Task<(HealthStatus Status, string? Reason)> HealthAsync()
    {
        var result = await new LeaderHealth(_leadership, _host).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        return (result.Status, result.Description);
    }
}
