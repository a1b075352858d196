using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>The OpenAPI document, and the page to try what it describes.</summary>
public sealed class ApiDocumentTests(Azurite azurite) : OneReplica(azurite)
{
    [Fact]
    public async Task Every_route_is_in_the_document_and_nothing_else_is()
    {
        var app = Start();
        using var client = app.CreateClient();
        using var answer = await client.GetAsync("/openapi.json", Cancelled);
        var told = (await InferenceApp.JsonOf(answer))["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));

        var mapped = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.DisplayName?.StartsWith("gRPC", StringComparison.Ordinal) != true)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} {PathOf(endpoint)}"));
        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_is_where_people_look_for_it()
    {
        using var client = Start().CreateClient();
        using var page = await client.GetAsync("/v2/docs", Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("/docs", page.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    private static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimEnd('/') is { Length: > 0 } path ? path : "/";
}
