using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Shadowing;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>While a rollout runs, tells ModelSync what the versions concerned have done so far: it holds the new one against the old.</summary>
internal sealed class CallReports(DesiredStateFeed feed, ModelCatalog catalog, Shadows shadows, AckOutbox acks, IOptions<ReloadOptions> options, TimeProvider time) : BackgroundService
{
    // There may be a thousand that only serve for comparison.
    private const int OthersReportEvery = 5;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.Value.ReportEvery, time);
        for (var tick = 0; await timer.WaitForNextTickAsync(stopping); tick++)
        {
            if (feed.Current is { } state) Report(state, isForAll: tick % OthersReportEvery == 0);
        }
    }

    private void Report(DesiredState state, bool isForAll)
    {
        foreach (var (name, wanted) in state.Models)
        {
            if (wanted.Candidate is null || !isForAll && !ReferenceEquals(wanted.Versions, wanted.Candidate.Versions)) continue;
            foreach (var served in catalog.Of(name)) acks.Count(served.Id, served.Identity, served.Calls);
        }
        foreach (var (id, identity, calls) in shadows.Calls) acks.Count(id, identity, calls);
    }
}
