using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Answers <c>/v2/health/ready</c> as a test wants it, on a socket of its own.</summary>
internal sealed class FakeReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeReplica(WebApplication app) => _app = app;

    /// <summary>In the tests' own folder lie the settings of the services, with their ports.</summary>
    public static WebApplicationOptions Elsewhere => new() { ContentRootPath = Path.GetTempPath() };

    public string Address => _app.Urls.First();

    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("""{"ready":true}""");

    public static async Task<FakeReplica> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(Elsewhere);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var replica = new FakeReplica(builder.Build());
        replica._app.MapGet("/v2/health/ready", context => replica.Answer(context));
        await replica._app.StartAsync(TestContext.Current.CancellationToken);
        return replica;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
