using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class ScoreTests : IAsyncLifetime
{
    private static readonly string Picture = RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png");

    private readonly List<string> _asked = [];
    private WebApplication? _server;

    private string Url => _server!.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        // Empty: the settings of the services lie beside the tests.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapPost("/v2/models/{**rest}", async (string rest, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _asked.Add($"{rest} {request.ContentType} {body.Length}");
            return rest.StartsWith("fashion/", StringComparison.Ordinal)
                ? Results.Text("""{"model_name":"fashion","model_version":"2","predictions":[{"label":"Sneaker","index":7,"probability":0.98},{"label":"Bag","index":8,"probability":0.00125}]}""", "application/json")
                : rest.StartsWith("odd/", StringComparison.Ordinal)
                    ? Results.Text("<html>")
                    : Results.Json(new { error = "Model 'nope' is not served here." }, statusCode: 404);
        });
        await _server.StartAsync();
    }

    [Fact]
    public async Task A_picture_is_sent_as_what_it_is_and_the_answer_told()
    {
        var ran = (await RunAsync("score", Picture, "--model", "fashion", "--url", Url)).Expect(0);
        Assert.Equal(["Sneaker  0.9800", "Bag      0.0013", "fashion version 2"], ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        (await RunAsync("score", Picture, "--model", "fashion", "--version", "1", "--url", Url + "/")).Expect(0);
        var bytes = new FileInfo(Picture).Length;
        Assert.Equal([$"fashion/classify image/png {bytes}", $"fashion/versions/1/classify image/png {bytes}"], _asked);
    }

    [Fact]
    public async Task An_errors_reason_is_told()
    {
        Assert.Equal("404: Model 'nope' is not served here.\n", (await RunAsync("score", Picture, "--model", "nope", "--url", Url)).Expect(1).Error);
        Assert.Contains("answered something else than expected. Is it Inference.Api?", (await RunAsync("score", Picture, "--model", "odd", "--url", Url)).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        Assert.Contains($"{url}/v2/models/fashion/classify cannot be reached", (await RunAsync("score", Picture, "--model", "fashion", "--url", url)).Expect(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_usage_is_told_without_asking_anybody()
    {
        var text = RepositoryRoot.Combine("samples", "fashion", "1", "labels.txt");
        Assert.Contains("is no PNG, JPEG or WebP picture", (await RunAsync("score", text, "--model", "fashion", "--url", Url)).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("'../x' is not a model name", (await RunAsync("score", Picture, "--model", "../x", "--url", Url)).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Say --model, or --legacy.", (await RunAsync("score", Picture, "--url", Url)).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("the server chooses", (await RunAsync("score", Picture, "--legacy", "--model", "fashion", "--url", Url)).Expect(2).Error, StringComparison.Ordinal);
        (await RunAsync("score", "--legacy", "--url", Url)).Expect(2);
        (await RunAsync("scroe")).Expect(2);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task Help_tells_examples_and_exit_codes()
    {
        foreach (var command in new[] { "publish", "list", "status", "unload", "load", "delete", "score" })
        {
            var help = (await RunAsync(command, "--help")).Expect(0).Output;
            Assert.Contains($"Examples:\n  modelctl {command} ", help, StringComparison.Ordinal);
            Assert.Contains("  3  refused", help, StringComparison.Ordinal);
        }
    }

    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();

    private static Task<ModelCtl> RunAsync(params string[] arguments) => ModelCtl.RunAsync([], arguments);
}
