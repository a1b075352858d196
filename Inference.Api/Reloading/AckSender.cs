using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>Delivers acks to ModelSync, again and again until it takes them.</summary>
internal sealed partial class AckSender(
    AckOutbox outbox, IHttpClientFactory clients, ReplicaIdentity replica, IOptions<ReloadOptions> options, ILogger<AckSender> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            failures = await DeliverAllAsync(stopping) ? 0 : failures + 1;
            var wait = failures == 0 ? options.Value.ResyncEvery : Backoff.After(failures, options.Value.RetryFirst, options.Value.RetryMost, Random.Shared.NextDouble());
            await outbox.Filled.WaitAsync(wait, stopping);
        }
    }

    private async Task<bool> DeliverAllAsync(CancellationToken stopping)
    {
        foreach (var pending in outbox.Pending())
        {
            if (!await DeliverAsync(pending, stopping)) return false;
            outbox.Delivered(pending);
        }
        return true;
    }

    private async Task<bool> DeliverAsync(PendingAck pending, CancellationToken stopping)
    {
        using var activity = InferenceTelemetry.Source.StartActivity("ack", System.Diagnostics.ActivityKind.Internal, pending.Context);
        activity?.SetTag("modelplatform.ack.state", pending.Ack.State.ToString());
        try
        {
            using var client = clients.CreateClient(SyncClient.Name);
            using var answer = await client.PostAsJsonAsync(SyncRoutes.AcksOf(replica.Id), pending.Ack, RepositoryJson.Default.ReplicaAck, stopping);
            if (answer.IsSuccessStatusCode) return true;
            Log.Refused(logger, (int)answer.StatusCode, pending.Ack.Model.ToString());
            return answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge;   // It will not become better by saying it again.
        }
        catch (HttpRequestException away)
        {
            Log.Away(logger, away.Message);
            return false;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Log.Away(logger, "No answer in time.");
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "ModelSync answered {Status} to an ack of model {Model}.")]
        public static partial void Refused(ILogger logger, int status, string model);

        [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "ModelSync could not be reached: {Reason} Acks are kept.")]
        public static partial void Away(ILogger logger, string reason);
    }
}
