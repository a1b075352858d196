using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>The protocol over gRPC. It has an endpoint of its own, since HTTP/2 without TLS cannot share one with HTTP/1.1.</summary>
internal static class GrpcProtocol
{
    public static void AddGrpcProtocol(this IServiceCollection services)
    {
        services.AddGrpc(options => options.Interceptors.Add<FaultStatuses>());
        services.AddOptions<GrpcServiceOptions>().PostConfigure<IOptions<ProtocolOptions>>((options, limits) =>
        {
            options.MaxReceiveMessageSize = (int)limits.Value.MaxBodyBytes;
            options.CompressionProviders = [.. options.CompressionProviders.Select(provider => new BoundedDecompression(provider, limits.Value.MaxBodyBytes))];
        });
        services.AddSingleton<FaultStatuses>();
        services.AddSingleton<StreamedInference>();
        services.AddCalls<InferenceCalls>(GRPCInferenceService.BindService);
        services.AddCalls<HealthCalls>(Health.BindService);
        services.AddSingleton(new ReflectionV1ServiceImpl(GRPCInferenceService.Descriptor, Health.Descriptor));
        services.AddSingleton(new ReflectionServiceImpl(GRPCInferenceService.Descriptor, Health.Descriptor));
    }

    public static void MapGrpcProtocol(this WebApplication app)
    {
        // Each message has its limit, and what follows one that stands alone is refused.
        app.MapGrpcService<Guarded<InferenceCalls>>().WithMetadata(new DisableRequestSizeLimitAttribute());
        app.MapGrpcService<Guarded<HealthCalls>>();
        app.MapGrpcService<ReflectionV1ServiceImpl>();
        app.MapGrpcService<ReflectionServiceImpl>();   // v1alpha, which many tools still ask for
    }

    private static void AddCalls<TCalls>(this IServiceCollection services, Action<ServiceBinderBase, TCalls> bind) where TCalls : class
    {
        services.AddSingleton<TCalls>();
        services.AddSingleton<IServiceMethodProvider<Guarded<TCalls>>>(provider => new GuardedMethods<TCalls>(
            provider.GetRequiredService<TCalls>(), bind, provider.GetRequiredService<IOptions<ProtocolOptions>>().Value.MaxBodyBytes));
    }
}
