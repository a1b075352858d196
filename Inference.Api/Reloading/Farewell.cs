using ModelPlatform.Repository.State;
using OpenTelemetry;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Tells ModelSync that this replica is about to stop because it was told to: one that vanishes without a word in the middle of a load is taken for one
/// that the version has crashed.
/// </summary>
internal sealed partial class Farewell(IHttpClientFactory clients, ReplicaIdentity replica, ILogger<Farewell> logger) : IHostedLifecycleService
{
    // Nobody waits for more of a process that is told to stop.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try { await LeaveAsync(patience.Token); }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException) { Log.Unheard(logger, away.Message); }
    }

    // No part of any trace. The scope ends before anything is logged: it would swallow that too.
    private async Task LeaveAsync(CancellationToken cancelled)
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        using var client = clients.CreateClient(SyncClient.Name);
        using var answer = await client.PostAsync(SyncRoutes.LeaveOf(replica.Id.ToString()), content: null, cancelled);
        answer.EnsureSuccessStatusCode();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "ModelSync did not hear that this replica leaves: {Reason}")]
        public static partial void Unheard(ILogger logger, string reason);
    }
}
