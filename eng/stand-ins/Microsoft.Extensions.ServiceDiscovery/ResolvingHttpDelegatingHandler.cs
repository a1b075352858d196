namespace Microsoft.Extensions.ServiceDiscovery;

internal sealed class ResolvingHttpDelegatingHandler(ConfiguredServices services) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri;
        if (asked is not null)
            request.RequestUri = services.Resolve(asked);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }
}
