using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace ModelPlatform.AppHost;

internal static class Endpoints
{
    public const string RandomPorts = "Ports:Random";

    /// <summary>TLS ends in front of the cluster, and Kubernetes would refuse two ports of the same number. Before WithReference, which would mention it.</summary>
    public static IResourceBuilder<ProjectResource> WithoutHttpsWhenPublished(this IResourceBuilder<ProjectResource> project)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsRunMode) return project;
        foreach (var https in project.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme == "https").ToList())
            project.Resource.Annotations.Remove(https);
        return project;
    }

    /// <summary>The image's ports, whatever environment the manifest is written in: Aspire takes them from the project's settings for that environment.</summary>
    public static IResourceBuilder<ProjectResource> WithTargetPortsWhenPublished(this IResourceBuilder<ProjectResource> project, params (string Endpoint, int Port)[] ports)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsRunMode) return project;
        foreach (var (name, port) in ports) project.WithEndpoint(name, endpoint => endpoint.TargetPort = port);
        return project;
    }

    /// <summary>With --Ports:Random=true several runs share a machine; the console says which ports they got.</summary>
    public static void UseRandomPortsIfAsked(this IDistributedApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue<bool>(RandomPorts)) return;
        foreach (var endpoint in builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>())) endpoint.Port = null;
        foreach (var setting in new[] { "ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL" })
            builder.Configuration[setting] = $"http://localhost:{FreePort()}";
    }

    // Below the range that outgoing connections take their ports from: none of them can get it before the dashboard does.
    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_001, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse) { /* the next one */ }
        }
    }
}
