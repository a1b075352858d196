using Grpc.Core;
using Microsoft.AspNetCore.Http.Timeouts;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;
using static ModelPlatform.Inference.Protocol.Grpc.Wire.HealthCheckResponse.Types;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>gRPC's health checks: the server's readiness, and whether a model answers.</summary>
internal sealed class HealthCalls(ReadinessBoard readiness, ModelCatalog catalog, AckOutbox acks, Drain drain, IHostApplicationLifetime lifetime, TimeProvider time)
    : Health.HealthBase
{
    // Readiness depends on the time too: nobody says when it changes.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = StatusOf(request.Service);
        return status == ServingStatus.ServiceUnknown
            ? throw new InferenceFault(FaultKind.UnknownModel, $"Nothing is known of '{Quoted.Of(request.Service)}'.")
            : Task.FromResult(new HealthCheckResponse { Status = status });
    }

    [DisableRequestTimeout]
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        drain.AwaitEndOf(context.GetHttpContext().Response);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Over);
        for (ServingStatus? told = null; ;)
        {
            var status = StatusOf(request.Service);
            if (status != told) await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
            told = status;
            try { await Task.Delay(LookEvery, time, ending.Token); }
            catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested) { throw new InferenceFault(FaultKind.NotReady, "It is shutting down."); }
        }
    }

    private ServingStatus StatusOf(string service)
    {
        if (service is "" || service == GRPCInferenceService.Descriptor.FullName) return readiness.Obstacle() is null ? ServingStatus.Serving : ServingStatus.NotServing;
        if (!ModelName.TryParse(service, out var model)) return ServingStatus.ServiceUnknown;
        if (catalog.Of(model).Count > 0) return lifetime.ApplicationStopping.IsCancellationRequested ? ServingStatus.NotServing : ServingStatus.Serving;
        return acks.Said().Any(ack => ack.Model == model) ? ServingStatus.NotServing : ServingStatus.ServiceUnknown;
    }
}
