using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Takes what is posted to it on a socket of its own, and answers as a test wants it.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Given the number of the call, from 1 on.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (context, _) => Task.CompletedTask;

    public ConcurrentQueue<Received> Calls { get; } = new();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(FakeReplica.Elsewhere);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.MapFallback("{**path}", (RequestDelegate)receiver.ReceiveAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public Task<IReadOnlyList<Received>> GetAsync(int count) =>
        Eventually.GetAsync($"{count} calls", () => Task.FromResult<IReadOnlyList<Received>?>(Calls.Count >= count ? [.. Calls] : null));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var request = context.Request;
        var body = await new StreamReader(request.Body).ReadToEndAsync(context.RequestAborted);
        Calls.Enqueue(new($"{request.Method} {request.Path}{request.QueryString}", request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        await Answer(context, Calls.Count);
    }
}

internal sealed record Received(string Line, IReadOnlyDictionary<string, string> Headers, string Body);
