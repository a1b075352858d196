using System.Net;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// The page makes addresses without a host up from what the server listens on. In a container that is <c>http://[::]:8080</c>, every address there is, to which nothing can connect.
/// </summary>
internal sealed class OwnAddress : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = Reachable(request.RequestUri!);
        return base.SendAsync(request, cancellationToken);
    }

    internal static Uri Reachable(Uri address) =>
        IPAddress.TryParse(address.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) ? new UriBuilder(address) { Host = "localhost" }.Uri : address;
}
