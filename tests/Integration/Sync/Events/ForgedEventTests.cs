using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Integration.Sync.Events;

/// <summary>What others do to ModelSync in Event Grid's name.</summary>
public sealed class ForgedEventTests(Azurite azurite)
{
    private const string Tenant = "7d1f5a52-9ad1-4a9d-9d0e-000000000001";
    private const string EventGrid = "4962773b-9cdb-44cf-a8bf-237846a00ab7";

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_key_nothing_is_listed()
    {
        await using var events = await EventHost.StartAsync(_storage, settings: ("Events:Key", "a-key-of-events"));
        var body = BinaryData.FromObjectAsJson(new[] { events.Changed("fashion/1/model.json") }).ToString();
        foreach (var (key, query) in new (string?, string)[]
        {
            (null, ""), ("guess", ""), (SyncHost.Key, ""), ("", ""), (null, "?key="), (null, "?key=guess"), (null, "?key=a-key-of-event"), (null, "?key=a-key-of-events&key=a-key-of-events"),
            ("guess", "?key=a-key-of-events"), (new string('x', 20_000), ""), ("e30.e30.", ""),
        })
        {
            using var answer = await events.PostAsync(body, key: key, query: query);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Equal("The key of the events is missing or wrong.", (await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
            // Nor is what follows read: a body that is no JSON would be 400.
            Assert.Equal(HttpStatusCode.Unauthorized, (await events.PostAsync("{", key: key, query: query)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await events.SendAsync(HttpMethod.Options, key, query, null, ("WebHook-Request-Origin", "evil.example"))).StatusCode);
        }
        Assert.Equal(33, events.Events("refused"));

        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync(body, key: "a-key-of-events")).StatusCode);
        await events.ListedAsync(1);
        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync(body, key: null, query: "?key=a-key-of-events")).StatusCode);
        await events.ListedAsync(2);
        Assert.Equal(2, events.Listings);
    }

    [Fact]
    public async Task What_is_no_event_is_refused_before_it_costs_anything()
    {
        await using var events = await EventHost.StartAsync(_storage);
        foreach (var (what, expected, body, mediaType) in new (string, int, string, string)[]
        {
            ("nothing", 400, "", "application/json"),
            ("no JSON", 400, "[{", "application/json"),
            ("another JSON", 400, "[{}]", "application/json"),
            ("nested without end", 400, new string('[', 500_000), "application/json"),
            ("nested in its data", 400, $$"""{ "eventType": "a", "data": {{new string('[', 10_000)}}""", "application/json"),
            ("six thousand events", 400, $"[{string.Join(',', Enumerable.Repeat("""{"eventType":"a"}""", 6000))}]", "application/json"),
            ("more than a batch can have", 413, new string(' ', 1024 * 1024 + 1), "application/json"),
            ("text", 415, "[]", "text/plain"),
            ("a form", 415, "a=b", "application/x-www-form-urlencoded"),
        })
        {
            using var answer = await events.PostAsync(body, mediaType);
            Assert.True(expected == (int)answer.StatusCode, $"{what}: {answer.StatusCode}");
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
        }
        // All but the one that was too large: what says so comes nowhere near the route.
        Assert.Equal(8, events.Events("refused"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await events.SendAsync(HttpMethod.Post, SyncHost.Key)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await events.SendAsync(HttpMethod.Get, SyncHost.Key)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await events.SendAsync(HttpMethod.Options, SyncHost.Key)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await events.SendAsync(HttpMethod.Options, SyncHost.Key, "", null, ("WebHook-Request-Origin", "http://evil.example/"))).StatusCode);

        // A batch as large as they come, and then the first listing.
        Assert.Equal(HttpStatusCode.OK, (await events.PostAsync("[]" + new string(' ', 1024 * 1024 - 2))).StatusCode);
        Assert.Equal(0, events.Listings);
        await events.PostAsync(events.Changed("fashion/1/model.json"));
        await events.ListedAsync(1);
        Assert.Equal(1, events.Listings);
    }

    [Fact]
    public async Task Where_nothing_is_configured_there_is_no_such_route()
    {
        await using var events = await EventHost.StartAsync(_storage, "Production");
        Assert.Equal(HttpStatusCode.NotFound, (await events.PostAsync(events.Changed("fashion/1/model.json"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await events.SendAsync(HttpMethod.Options, SyncHost.Key)).StatusCode);
        Assert.Equal(0, events.Listings);
    }

    [Fact]
    public async Task Event_grids_token_opens_and_no_other()
    {
        using var ours = RSA.Create(2048);
        using var theirs = RSA.Create(2048);
        var signers = new OpenIdConnectConfiguration();
        signers.SigningKeys.Add(new RsaSecurityKey(ours) { KeyId = "1" });
        await using var events = await EventHost.StartAsync(
            _storage, "Production",
            services => services.AddSingleton<BaseConfigurationManager>(new StaticConfigurationManager<OpenIdConnectConfiguration>(signers)),
            ("Events:Tenant", Tenant), ("Events:Audience", "api://models"));

        foreach (var (what, opens, token) in new (string, bool, string)[]
        {
            ("its token", true, Token(ours)),
            ("its token in the second form", true, Token(ours, issuer: $"https://login.microsoftonline.com/{Tenant}/v2.0", caller: "azp")),
            ("signed by others", false, Token(theirs)),
            ("of another tenant", false, Token(ours, issuer: "https://sts.windows.net/7d1f5a52-9ad1-4a9d-9d0e-000000000002/")),
            ("for another application", false, Token(ours, audience: "api://other")),
            ("of another caller", false, Token(ours, app: "7d1f5a52-9ad1-4a9d-9d0e-000000000003")),
            ("of nobody", false, Token(ours, caller: "sub")),
            ("that is over", false, Token(ours, expires: -3600)),
            ("without a signature", false, Unsigned()),
            ("that is none", false, "a.b.c"),
            ("of the platform", false, SyncHost.Key),
        })
        {
            using var answer = await events.SendAsync(HttpMethod.Options, token, "", null, ("WebHook-Request-Origin", "eventgrid.azure.net"));
            Assert.True((opens ? HttpStatusCode.OK : HttpStatusCode.Unauthorized) == answer.StatusCode, $"{what}: {answer.StatusCode}");
        }
    }

    private static string Token(
        RSA signer, string issuer = $"https://sts.windows.net/{Tenant}/", string audience = "api://models", string caller = "appid", string app = EventGrid, int expires = 3600) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(Description(issuer, audience, caller, app, expires, new SigningCredentials(new RsaSecurityKey(signer) { KeyId = "1" }, SecurityAlgorithms.RsaSha256)));

    private static string Unsigned() =>
        new JsonWebTokenHandler().CreateToken(Description($"https://sts.windows.net/{Tenant}/", "api://models", "appid", EventGrid, 3600, null));

    private static SecurityTokenDescriptor Description(string issuer, string audience, string caller, string app, int expires, SigningCredentials? signer) => new()
    {
        Issuer = issuer,
        Audience = audience,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(expires),
        Claims = new Dictionary<string, object> { [caller] = app },
        SigningCredentials = signer,
    };
}
