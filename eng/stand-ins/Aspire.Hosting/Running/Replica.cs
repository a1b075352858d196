using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>One process of a resource, with the ports that only it listens on.</summary>
internal sealed class Replica(IResource resource, bool alone)
{
    private readonly Dictionary<EndpointAnnotation, int> _ports =
        resource.Annotations.OfType<EndpointAnnotation>().ToDictionary(endpoint => endpoint, endpoint => endpoint.TargetPort ?? Ports.Free());

    public IResource Resource { get; } = resource;
    public string Suffix { get; } = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8);
    public string Id => $"{Resource.Name}-{Suffix}";
    public string DisplayName => alone ? Resource.Name : Id;

    public int PortOf(EndpointAnnotation endpoint) => _ports[endpoint];

    public void Attach()
    {
        foreach (var (endpoint, port) in _ports) endpoint.Proxy!.Add(port);
    }

    public void Detach()
    {
        foreach (var (endpoint, port) in _ports) endpoint.Proxy!.Remove(port);
    }
}
