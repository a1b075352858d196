using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>
/// Sends one event until it is accepted, refused, or tried often enough. Not the platform's usual client: a redirect would carry the token elsewhere, and its traces
/// the address, which may be a secret.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxResponseHeadersLength = 16, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,   // the pipeline's
    };

    private readonly ResiliencePipeline<WebhookAnswer> _tries;
    private readonly string _source;
    private readonly TimeProvider _time;

    public WebhookSender(IOptions<WebhookOptions> options, BlobContainerClient container, TimeProvider time)
    {
        _time = time;
        // Without its query, which may be a shared access signature.
        _source = options.Value.Source ?? container.Uri.GetLeftPart(UriPartial.Path);
        _tries = new ResiliencePipelineBuilder<WebhookAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<WebhookAnswer>
            {
                MaxRetryAttempts = options.Value.Retries,
                Delay = options.Value.RetryFirst,
                MaxDelay = options.Value.RetryMost,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<WebhookAnswer>().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>().HandleResult(answer => answer.IsPassing),
                DelayGenerator = tried => ValueTask.FromResult(WaitAskedFor(tried.Outcome.Result, options.Value)),
            })
            .AddTimeout(options.Value.Timeout)
            .Build();
    }

    public ValueTask<WebhookAnswer> SendAsync(WebhookTarget target, WebhookEvent news, CancellationToken stopping) =>
        _tries.ExecuteAsync(async cancelled => await TryAsync(target, news, cancelled), stopping);

    public void Dispose() => _client.Dispose();

    private async Task<WebhookAnswer> TryAsync(WebhookTarget target, WebhookEvent news, CancellationToken cancelled)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        using var request = WebhookRequest.Of(target, news, _source, _time.GetUtcNow());
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancelled);
        return await WebhookAnswer.OfAsync(response, _time.GetUtcNow(), cancelled);
    }

    private static TimeSpan? WaitAskedFor(WebhookAnswer? answer, WebhookOptions options) =>
        answer?.Wait is { } wait && wait > TimeSpan.Zero ? (wait < options.RetryMost ? wait : options.RetryMost) : null;
}
