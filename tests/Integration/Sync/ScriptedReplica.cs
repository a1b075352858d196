using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Follows the watch as a replica does, the next one where it ends, and says of each version what the test wants.</summary>
internal sealed class ScriptedReplica : IAsyncDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly SyncHost _sync;
    private readonly Func<DesiredVersion, ReplicaAck, ReplicaAck?> _verdict;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _following;

    /// <param name="verdict">Takes the ack that the version is served and gives the one to send; null for none.</param>
    public ScriptedReplica(SyncHost sync, string id, Func<DesiredVersion, ReplicaAck, ReplicaAck?>? verdict = null)
    {
        (_sync, Id, _verdict) = (sync, ReplicaId.Parse(id), verdict ?? ((_, ack) => ack));
        _following = FollowAsync();
    }

    /// <summary>What it was to serve where it was to unload everything.</summary>
    public const string Nothing = "nothing";

    public ReplicaId Id { get; }

    /// <summary>Every version that it was to serve, in this order.</summary>
    public List<string> Given { get; } = [];

    /// <summary>As when its process is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _end.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await foreach (var item in _sync.EventsAsync($"?replica={Id}&address={Uri.EscapeDataString("http://127.0.0.1:5080")}", _end.Token))
                {
                    if (item.EventType == SyncRoutes.StateEvent) await AnswerAsync(DesiredState.Parse(Encoding.UTF8.GetBytes(item.Data)).For(Id));
                }
            }
            catch (Exception over) when (_end.IsCancellationRequested && over is OperationCanceledException or IOException or HttpRequestException) { /* killed, or cut off */ }
            await Task.Delay(BetweenTries, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AnswerAsync(DesiredState mine)
    {
        if (mine.Models.Count == 0 && Given.Count > 0) lock (Given) Given.Add(Nothing);
        foreach (var (name, model) in mine.Models)
        {
            foreach (var version in model.Versions)
            {
                if (Given.LastOrDefault() != version.Version.ToString()) lock (Given) Given.Add(version.Version.ToString());
                var serving = new ReplicaAck { Generation = mine.Generation, Model = name, Version = version.Version, Identity = version.Identity, State = AckState.Serving };
                if (_verdict(version, serving) is { } ack) (await _sync.AcknowledgeAsync(Id.ToString(), ack)).EnsureSuccessStatusCode();
            }
        }
    }
}
