using Grpc.Core;
using Microsoft.AspNetCore.Http.Timeouts;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>The calls of the Open Inference Protocol (inference_grpc.md) and of Triton's extensions to it.</summary>
internal sealed class InferenceCalls(InferencePipeline pipeline, StreamedInference streams, ModelCatalog catalog, ReadinessBoard readiness, AckOutbox acks, RepositoryControl control)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = readiness.Obstacle() is null });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        using var lease = catalog.Acquire(request.Name, Given(request.Version));
        return Task.FromResult(new ModelReadyResponse { Ready = true });
    }

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = ServerRoutes.Name, Version = ServerRoutes.Version, Extensions = { ServerRoutes.Extensions } });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        using var lease = catalog.Acquire(request.Name, Given(request.Version));
        return Task.FromResult(new ModelMetadataResponse
        {
            Name = lease.Model.Id.Name.ToString(),
            Versions = { catalog.Of(lease.Model.Id.Name).Select(served => served.Id.Version.ToString()) },
            Platform = ModelRoutes.Platform,
            Inputs = { lease.Model.Inputs.Select(MetadataOf) },
            Outputs = { lease.Model.Outputs.Select(MetadataOf) },
        });
    }

    [RateLimited]
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
        InferMessages.Write(await pipeline.InferAsync(
            request.ModelName, Given(request.ModelVersion), _ => InferMessages.Read(request), () => Deadline.IsLate(context.GetHttpContext()), context.CancellationToken));

    // A stream may last for days; each of its requests has its own deadline, and counts for its client's rate, as does the stream itself.
    [DisableRequestTimeout]
    [RateLimited]
    public override Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream, IServerStreamWriter<ModelStreamInferResponse> responseStream, ServerCallContext context) =>
        streams.AnswerAsync(requestStream, responseStream, context);

    public override Task<ModelConfigResponse> ModelConfig(ModelConfigRequest request, ServerCallContext context)
    {
        using var lease = catalog.Acquire(request.Name, Given(request.Version));
        return Task.FromResult(ConfigurationMessages.Write(ModelConfiguration.Of(lease.Model, catalog.Of(lease.Model.Id.Name))));
    }

    public override Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        if (request.Name.Length == 0) return Task.FromResult(StatisticsMessages.Write(catalog.Names.SelectMany(catalog.Of)));
        using var lease = catalog.Acquire(request.Name, Given(request.Version));
        return Task.FromResult(StatisticsMessages.Write(request.Version.Length == 0 ? catalog.Of(lease.Model.Id.Name) : [lease.Model]));
    }

    public override Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context)
    {
        RequireOurs(request.RepositoryName);
        return Task.FromResult(new RepositoryIndexResponse
        {
            Models =
            {
                Protocol.RepositoryIndex.Of(acks, request.Ready).Select(entry => new RepositoryIndexResponse.Types.ModelIndex
                {
                    Name = entry.Name,
                    Version = entry.Version,
                    State = entry.State,
                    Reason = entry.Reason ?? "",
                }),
            },
        });
    }

    // Ended by the control's own patience.
    [DisableRequestTimeout]
    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context)
    {
        RequireOurs(request.RepositoryName);
        foreach (var parameter in request.Parameters.Keys) LoadReader.Require(parameter);
        await control.LoadAsync(request.ModelName, context.RequestHeaders.GetValue("authorization"), context.CancellationToken);
        return new RepositoryModelLoadResponse();
    }

    [DisableRequestTimeout]
    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        RequireOurs(request.RepositoryName);
        foreach (var parameter in request.Parameters.Keys) LoadReader.Require(parameter);
        await control.UnloadAsync(request.ModelName, context.RequestHeaders.GetValue("authorization"), context.CancellationToken);
        return new RepositoryModelUnloadResponse();
    }

    private static void RequireOurs(string repository)
    {
        if (repository.Length > 0) throw new RpcException(new Status(StatusCode.Unimplemented, "There is one repository; it has no name."));
    }

    private static ModelMetadataResponse.Types.TensorMetadata MetadataOf(TensorSpec spec) => new() { Name = spec.Name, Datatype = spec.Datatype.Name, Shape = { spec.Shape } };

    /// <summary>On the wire, what was not said is an empty text.</summary>
    public static string? Given(string text) => text.Length > 0 ? text : null;
}
