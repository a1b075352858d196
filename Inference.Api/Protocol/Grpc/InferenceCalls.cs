using Grpc.Core;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>The calls of the Open Inference Protocol (inference_grpc.md) and of Triton's extensions to it.</summary>
internal sealed class InferenceCalls(InferencePipeline pipeline, StreamedInference streams, ModelCatalog catalog, ReadinessBoard readiness, AckOutbox acks)
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

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
        InferMessages.Write(await pipeline.InferAsync(request.ModelName, Given(request.ModelVersion), () => InferMessages.Read(request), context.CancellationToken));

    public override Task ModelStreamInfer(
        IAsyncStreamReader<ModelInferRequest> requestStream, IServerStreamWriter<ModelStreamInferResponse> responseStream, ServerCallContext context) =>
        streams.AnswerAsync(requestStream, responseStream, context.CancellationToken);

    public override Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context)
    {
        if (request.RepositoryName.Length > 0) throw new RpcException(new Status(StatusCode.Unimplemented, "There is one repository; it has no name."));
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

    public override Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context) =>
        throw Protocol.RepositoryIndex.NotChangedHere(request.ModelName);

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context) =>
        throw Protocol.RepositoryIndex.NotChangedHere(request.ModelName);

    private static ModelMetadataResponse.Types.TensorMetadata MetadataOf(TensorSpec spec) => new() { Name = spec.Name, Datatype = spec.Datatype.Name, Shape = { spec.Shape } };

    /// <summary>On the wire, what was not said is an empty text.</summary>
    public static string? Given(string text) => text.Length > 0 ? text : null;
}
