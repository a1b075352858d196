using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Whatever routes ModelSync has, and will have: those that change something need a key, and none takes more than it says.</summary>
public sealed partial class EveryRouteTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_route_that_changes_anything_is_open()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        var changing = RoutesOf(sync).Where(route => route.Method != "GET").ToList();
        Assert.Contains(changing, route => route.Path == "/events/blob");
        foreach (var (method, path) in changing)
        {
            foreach (var key in new[] { null, "guess" })
            {
                using var answer = await SendAsync(sync, method, path, key, "[[[[");
                Assert.True(HttpStatusCode.Unauthorized == answer.StatusCode, $"{method} {path} with the key '{key}': {answer.StatusCode}");
                Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
            }
        }
        Assert.Empty(await sync.ReplicasAsync());
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Fact]
    public async Task An_oversized_body_is_refused_on_every_route_before_it_is_sent()
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        foreach (var (method, path) in RoutesOf(sync))
        {
            using var answer = await SendAsync(sync, method, path, SyncHost.Key, new string('[', 2_000_000));
            Assert.True(HttpStatusCode.RequestEntityTooLarge == answer.StatusCode, $"{method} {path}: {answer.StatusCode}");
        }
        Assert.Empty(await sync.ReplicasAsync());
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    /// <summary>With the key: what protects the parser is all that is left.</summary>
    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("""{"a":""", 30_000)]
    [InlineData("""{"version":{"version":""", 10_000)]
    [InlineData("\0", 1)]
    public async Task An_endlessly_nested_body_is_refused_on_every_route_and_nothing_is_done(string level, int levels)
    {
        var storage = azurite.NewStorage();
        await using var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("x/1");
        var before = (await sync.StateAsync("the model that the routes name", state => state.Models.Count == 1)).ToJson();
        var nested = string.Concat(Enumerable.Repeat(level, levels));
        foreach (var (method, path) in RoutesOf(sync).Where(route => route.Method == "POST"))
        {
            using var answer = await SendAsync(sync, method, path, SyncHost.Key, nested, "application/json");
            Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{method} {path}: {answer.StatusCode}");
        }
        Assert.Empty(await sync.ReplicasAsync());
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
        Assert.Equal(before, (await sync.StateAsync())!.ToJson());
    }

    // The health page's own routes are its package's.
    private static IEnumerable<(string Method, string Path)> RoutesOf(SyncHost sync) =>
        from endpoint in sync.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()
        let path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText!, "x").Trim('/')
        where methods is not null && !path.StartsWith("/healthchecks", StringComparison.Ordinal)
        from method in methods.HttpMethods
        select (method, path);

    private static async Task<HttpResponseMessage> SendAsync(SyncHost sync, string method, string path, string? key, string body, string type = "text/plain")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.ExpectContinue = true;
        sync.Client.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
        return await sync.Client.SendAsync(request, Cancelled);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
