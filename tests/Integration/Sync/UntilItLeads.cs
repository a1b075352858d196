using System.Net;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Asks again while the answer is that the instance does not lead.</summary>
internal sealed class UntilItLeads : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage? last = null;
        await Eventually.IsTrueAsync("it leads", async () =>
        {
            last = await base.SendAsync(request, cancellationToken);
            return !(last.StatusCode == HttpStatusCode.ServiceUnavailable && last.Headers.RetryAfter is not null);
        });
        return last!;
    }
}
