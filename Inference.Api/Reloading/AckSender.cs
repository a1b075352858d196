using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using OpenTelemetry;

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
            if (await DeliverAsync(pending, stopping))
            {
                outbox.Delivered(pending);
                continue;
            }
            outbox.Undelivered(pending);
            return false;
        }
        return true;
    }

    private async Task<bool> DeliverAsync(PendingAck pending, CancellationToken stopping)
    {
        try
        {
            var status = await PostAsync(pending, stopping);
            if (status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices) return true;
            Log.Refused(logger, (int)status, pending.Ack.Model.ToString());
            // It will not become better by saying it again, and the others must not wait for it.
            return status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge;
        }
        catch (HttpRequestException away) { Log.Away(logger, away.Message); }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested) { Log.Away(logger, "No answer in time."); }
#pragma warning disable CA1031 // A bug of ours or of a library. The process must not end for it: what is served is good.
        catch (Exception failure) when (!stopping.IsCancellationRequested) { Log.Failed(logger, failure); }
#pragma warning restore CA1031
        return false;
    }

    // What only repeats something leaves no trace. The scope ends before anything is logged: it would swallow that too.
    private async Task<HttpStatusCode> PostAsync(PendingAck pending, CancellationToken stopping)
    {
        using var quiet = pending.Context == default ? SuppressInstrumentationScope.Begin() : null;
        using var activity = InferenceTelemetry.Source.StartActivity("ack", ActivityKind.Internal, pending.Context);
        activity?.SetTag("modelplatform.ack.state", pending.Ack.State.ToString());
        activity?.SetStatus(ActivityStatusCode.Error);
        using var client = clients.CreateClient(SyncClient.Name);
        using var answer = await client.PostAsJsonAsync(SyncRoutes.AcksOf(replica.Id.ToString()), pending.Ack, RepositoryJson.Default.ReplicaAck, stopping);
        if (answer.IsSuccessStatusCode) activity?.SetStatus(ActivityStatusCode.Unset);
        return answer.StatusCode;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "ModelSync answered {Status} to an ack of model {Model}.")]
        public static partial void Refused(ILogger logger, int status, string model);

        [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "ModelSync could not be reached: {Reason} Acks are kept.")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "An ack could not be sent; it is kept.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
