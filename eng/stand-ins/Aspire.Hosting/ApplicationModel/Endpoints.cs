using System.Globalization;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation : IResourceAnnotation
{
    internal EndpointAnnotation(string name)
    {
        ModelName.Check("Endpoint", name);
        Name = name;
    }

    public string Name { get; }
    public string UriScheme { get; set; } = "tcp";

    public string Transport { get => field ?? (UriScheme is "http" or "https" ? "http" : "tcp"); set; }

    public int? Port { get; set; }
    public int? TargetPort { get; set; }
    public string TargetHost { get; set; } = "localhost";
    public bool IsExternal { get; set; }

    // Opened before anything starts.
    internal EndpointProxy? Proxy { get; set; }

    // Set for endpoints that come from the project's Kestrel configuration: its key there.
    internal string? KestrelKey { get; set; }
}

public enum EndpointProperty { Url, Host, IPV4Host, Port, Scheme, TargetPort, HostAndPort }

public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    public IResourceWithEndpoints Resource { get; } = owner;
    public string EndpointName { get; } = endpointName;

    public int Port => Annotation.Proxy?.Port ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    public string Scheme => Annotation.UriScheme;
    public string Host { get; } = "localhost";
    public string Url => $"{Scheme}://{Host}:{Port}";

    public string ValueExpression => Property(EndpointProperty.Url).ValueExpression;

    internal EndpointAnnotation Annotation => Find() ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() =>
        Resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(e => e.Name.Equals(EndpointName, StringComparison.OrdinalIgnoreCase));
}

public sealed class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IValueProvider, IManifestExpressionProvider
{
    public EndpointReference Endpoint { get; } = endpointReference;
    public EndpointProperty Property { get; } = property;

    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{char.ToLowerInvariant(Property.ToString()[0])}{Property.ToString()[1..]}}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
        EndpointProperty.TargetPort when Endpoint.Annotation.TargetPort is { } port => port.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"{Property} of endpoint `{Endpoint.EndpointName}` is known to the replicas of `{Endpoint.Resource.Name}` only."),
    });
}
