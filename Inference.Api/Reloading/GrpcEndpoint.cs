using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ModelPlatform.Inference.Reloading;

/// <summary>The server's endpoint for gRPC: the one of that name in its configuration. Addresses alone do not tell which is which.</summary>
internal sealed class GrpcEndpoint
{
    private ListenOptions? _listening;

    /// <summary>As bound, whatever was asked for.</summary>
    public int? Port => _listening?.IPEndPoint?.Port;

    public static void Find(KestrelServerOptions kestrel)
    {
        var found = kestrel.ApplicationServices.GetRequiredService<GrpcEndpoint>();
        kestrel.ConfigurationLoader?.Endpoint("grpc", endpoint => found._listening = endpoint.ListenOptions);
    }
}
