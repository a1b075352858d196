using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.RegularExpressions;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed partial class ConsoleTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_is_known_is_on_the_page_and_nobody_needs_a_key_to_read_it()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await using var replica = new ScriptedReplica(sync, "a");
        await storage.Container.PutAsync("fashion/x/model.onnx", "graph");
        using var browser = new Visitor(sync);
        var page = await Eventually.GetAsync("the page", async () => await browser.PageAsync() is var html && html.Contains("1 of 1 replicas serve it", StringComparison.Ordinal) ? html : null);

        Assert.Contains("<h3 id=\"name-fashion\">fashion</h3>", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">a</th>", page, StringComparison.Ordinal);
        await Eventually.IsTrueAsync("the problem", async () => (await browser.PageAsync()).Contains("fashion/x", StringComparison.Ordinal));
        Assert.DoesNotContain("Sign out", page, StringComparison.Ordinal);
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task What_people_wrote_is_text_and_nothing_else()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await using var replica = new ScriptedReplica(sync, "\"><script>alert(1)<", (version, ack) =>
            version.Version.Number == 1 ? ack : ack with { State = AckState.Rejected, Reason = "<img src=x onerror=alert(2)> 'a' & \"b\"" });
        await Eventually.IsTrueAsync("it serves", async () => (await sync.ReplicasAsync()).Any(known => known.Models.ContainsKey(Fashion)));
        await storage.Container.PublishAsync("fashion/2", "graph 2");
        await storage.Container.PutAsync("fashion/<svg onload=alert(3)>/model.onnx", "graph");
        await sync.StateAsync("the quarantine", state => state.Models[Fashion].Quarantine.Count == 1);
        using var browser = new Visitor(sync);
        var page = await Eventually.GetAsync("all of it", async () => await browser.PageAsync() is var html && html.Contains("alert(3)", StringComparison.Ordinal) ? html : null);

        Assert.Contains("alert(1)", page, StringComparison.Ordinal);
        Assert.Contains("alert(2)", page, StringComparison.Ordinal);
        Assert.Equal(["console.js"], Script().Matches(page).Select(script => script.Groups[1].Value));
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?done=pin&model=fashion")]
    [InlineData("/console/content")]
    [InlineData("/console/events")]
    [InlineData("/console/console.css")]
    [InlineData("/console/console.js")]
    public async Task A_browser_is_told_to_run_nothing_from_elsewhere_and_to_show_it_in_no_frame(string path)
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var browser = new Visitor(sync);
        using var answer = await browser.Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(("DENY", "nosniff"), (Assert.Single(answer.Headers.GetValues("X-Frame-Options")), Assert.Single(answer.Headers.GetValues("X-Content-Type-Options"))));
        Assert.Equal(path.StartsWith("/console/console.", StringComparison.Ordinal), answer.Headers.CacheControl!.Public);
    }

    [Theory]
    [InlineData("/?done=<b>&model=fashion")]
    [InlineData("/?done=pin&model=call%20555")]
    [InlineData("/?done=&model=")]
    public async Task The_page_says_nothing_that_an_address_makes_up(string path)
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        await sync.IsHealthyAsync();        // a standby has a notice of its own
        using var browser = new Visitor(sync);
        Assert.DoesNotContain("class=\"notice", await browser.PageAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_typed_in_once_and_the_cookie_is_not_the_key()
    {
        await using var sync = await ServingAsync(azurite.NewStorage());
        using var browser = new Visitor(sync);
        using var refused = await browser.PostAsync("/console/sign-in", ("key", "guess"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("This is not the platform key.", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Empty(browser.Cookies);

        using var admitted = await browser.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (admitted.StatusCode, admitted.Headers.Location!.ToString()));
        var cookie = Assert.Single(admitted.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("model-sync-operator=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(SyncHost.Key, cookie, StringComparison.Ordinal);
        var page = await browser.PageAsync();
        Assert.Contains("Sign out", page, StringComparison.Ordinal);

        using var left = await browser.PostAsync("/console/sign-out", ("__RequestVerificationToken", TokenIn(page)));
        Assert.Equal(HttpStatusCode.SeeOther, left.StatusCode);
        Assert.DoesNotContain("Sign out", await browser.PageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("multipart/form-data", "")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n1")]     // it ends in the middle
    public async Task A_form_that_is_none_holds_no_key(string type, string body)
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var browser = new Visitor(sync);
        using var form = new StringContent(body);
        form.Headers.Remove("Content-Type");
        Assert.True(form.Headers.TryAddWithoutValidation("Content-Type", type));
        using var refused = await browser.Client.PostAsync(new Uri("/console/sign-in", UriKind.Relative), form, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_form_of_the_page_does_what_the_operators_route_does()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        using var browser = new Visitor(sync);
        using var admitted = await browser.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        var token = ("__RequestVerificationToken", TokenIn(await browser.PageAsync()));

        using var pinned = await browser.PostAsync("/console/models/fashion/pin", token, ("version", "1"));
        Assert.Equal((HttpStatusCode.SeeOther, "/?done=pin&model=fashion"), (pinned.StatusCode, pinned.Headers.Location!.ToString()));
        Assert.Equal(new ModelVersion(1), (await storage.Container.OverridesAsync(Cancelled)).Overrides.Pin(Fashion));
        await Eventually.IsTrueAsync("it is said", async () => await browser.PageAsync() is var page
            && page.Contains("Operators have pinned it to version 1.", StringComparison.Ordinal) && page.Contains("Unpin fashion", StringComparison.Ordinal));

        using var unpinned = await browser.PostAsync("/console/models/fashion/unpin", token);
        Assert.Equal(HttpStatusCode.SeeOther, unpinned.StatusCode);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Fact]
    public async Task Rollouts_are_paused_and_resumed_and_versions_released_on_the_page()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        await using var replica = new ScriptedReplica(sync, "a", (version, ack) =>
            version.Version.Number == 1 ? ack : ack with { State = AckState.Rejected, Reason = "Golden sample 0 differs." });
        await Eventually.IsTrueAsync("it serves", async () => (await sync.ReplicasAsync()).Any(known => known.Models.ContainsKey(Fashion)));
        await storage.Container.PublishAsync("fashion/2", "graph 2");
        await sync.StateAsync("the quarantine", state => state.Models[Fashion].Quarantine.Count == 1);
        using var browser = new Visitor(sync);
        Assert.DoesNotContain("Release version", await browser.PageAsync(), StringComparison.Ordinal);
        using var admitted = await browser.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        var page = await browser.PageAsync();
        Assert.Contains("Release version 2 of fashion from quarantine", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Pause rollouts", page, StringComparison.Ordinal);        // none runs
        var token = ("__RequestVerificationToken", TokenIn(page));

        using var paused = await browser.PostAsync("/console/models/fashion/pause", token);
        Assert.Equal((HttpStatusCode.SeeOther, "/?done=pause&model=fashion"), (paused.StatusCode, paused.Headers.Location!.ToString()));
        await Eventually.IsTrueAsync("it is said", async () => await browser.PageAsync() is var page
            && page.Contains("Operators have paused its rollouts.", StringComparison.Ordinal) && page.Contains("Resume rollouts of fashion", StringComparison.Ordinal));
        using var resumed = await browser.PostAsync("/console/models/fashion/resume", token);
        Assert.Equal(HttpStatusCode.SeeOther, resumed.StatusCode);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);

        using var refused = await browser.PostAsync("/console/models/fashion/pin", token, ("version", "2"));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("is in quarantine: release it first. The reason: a: Golden sample 0 differs.", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);

        using var released = await browser.PostAsync("/console/models/fashion/release", token, ("version", "2"));
        Assert.Equal(HttpStatusCode.SeeOther, released.StatusCode);
        Assert.Contains("The version of fashion is out of quarantine", await browser.PageAsync(released.Headers.Location!.ToString()), StringComparison.Ordinal);
        await Eventually.IsTrueAsync("it is tried once more", () => Task.FromResult(replica.Given is ["1", "2", "1", "2", ..]));
    }

    [Theory]
    [InlineData("fashion", "release", "9", HttpStatusCode.NotFound, "Version 9 of &#x27;fashion&#x27; is not in quarantine.")]
    [InlineData("fashion", "pin", "9", HttpStatusCode.NotFound, "There is no complete version 9 of &#x27;fashion&#x27; in the repository.")]
    [InlineData("fashion", "pin", "<b>", HttpStatusCode.BadRequest, "&#x27;&lt;b&gt;&#x27; is not a version")]
    [InlineData("nope", "pin", "1", HttpStatusCode.NotFound, "There is no model &#x27;nope&#x27; in the repository.")]
    [InlineData("fashion", "rollback", "9", HttpStatusCode.NotFound, "There is no complete version 9")]
    public async Task What_is_refused_is_said_on_the_page(string model, string verb, string version, HttpStatusCode status, string reason)
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        using var browser = new Visitor(sync);
        using var admitted = await browser.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        using var answer = await browser.PostAsync($"/console/models/{model}/{verb}", ("__RequestVerificationToken", TokenIn(await browser.PageAsync())), ("version", version));
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Fact]
    public async Task Nobody_else_can_make_a_browser_do_it()
    {
        var storage = azurite.NewStorage();
        await using var sync = await ServingAsync(storage);
        using var browser = new Visitor(sync);
        using var stranger = await browser.PostAsync("/console/models/fashion/pin", ("version", "1"));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        using var admitted = await browser.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        var token = TokenIn(await browser.PageAsync());
        using var forged = await browser.PostAsync("/console/models/fashion/pin", ("version", "1"));
        using var guessed = await browser.PostAsync("/console/models/fashion/pin", ("version", "1"), ("__RequestVerificationToken", "guess"));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (forged.StatusCode, guessed.StatusCode));
        // Another browser's token is of no use either.
        using var other = new Visitor(sync);
        using var alsoAdmitted = await other.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        using var borrowed = await other.PostAsync("/console/models/fashion/pin", ("version", "1"), ("__RequestVerificationToken", token));
        Assert.Equal(HttpStatusCode.BadRequest, borrowed.StatusCode);

        // Who is no browser gets our usual answer; a key in a header is for the routes of operators.
        using var plain = await sync.Client.PostAsync(new Uri("/console/models/fashion/pin", UriKind.Relative), null, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, plain.StatusCode);
        Assert.NotEmpty((await plain.Content.ReadFromJsonAsync<ErrorBody>(Cancelled))!.Error);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Fact]
    public async Task A_standby_says_that_it_is_one_and_lets_nobody_operate()
    {
        var storage = azurite.NewStorage();
        await using var leader = await ServingAsync(storage);
        await using var standby = new SyncHost(storage);
        await standby.ReportAsync("standing by", report => ((string?)report["entries"]!["leader"]!["description"])?.StartsWith("standby: ", StringComparison.Ordinal) == true);
        using var browser = new Visitor(standby);
        using var admitted = await browser.PostAsync("/console/sign-in", ("key", SyncHost.Key));
        var page = await browser.PageAsync();
        Assert.Contains("this ModelSync does not lead", page, StringComparison.Ordinal);
        using var refused = await browser.PostAsync("/console/models/fashion/pin", ("__RequestVerificationToken", TokenIn(page)), ("version", "1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Empty((await storage.Container.OverridesAsync(Cancelled)).Overrides.Models);
    }

    [Fact]
    public async Task An_open_page_is_told_when_there_is_something_else_to_see()
    {
        await using var sync = await ServingAsync(azurite.NewStorage());
        using var browser = new Visitor(sync);
        await using var stream = await browser.Client.GetStreamAsync(new Uri("/console/events", UriKind.Relative), Cancelled);
        await using var events = SseParser.Create(stream).EnumerateAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("changed", events.Current.EventType);

        await using var replica = new ScriptedReplica(sync, "late");
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("changed", events.Current.EventType);
        Assert.Contains("late", await browser.PageAsync("/console/content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_too_many_is_told_to_come_again()
    {
        await using var sync = new SyncHost(azurite.NewStorage());
        using var browser = new Visitor(sync);
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < 100; i++) open.Add(await browser.Client.GetAsync(new Uri("/console/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled));
        Assert.All(open, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await Eventually.IsTrueAsync("there is no place any more", async () => await StatusAsync() == HttpStatusCode.ServiceUnavailable);

        open.ForEach(answer => answer.Dispose());
        await Eventually.IsTrueAsync("places are free again", async () => await StatusAsync() == HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await browser.Client.GetAsync(new Uri("/console/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
            return answer.StatusCode;
        }
    }

    private static async Task<SyncHost> ServingAsync(Storage storage)
    {
        var sync = new SyncHost(storage);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", state => state.Models.ContainsKey(Fashion));
        return sync;
    }

    private static string TokenIn(string page) => Token().Match(page).Groups[1].Value;

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex("""<script src="/console/([a-z.]+)""")]
    private static partial Regex Script();
}
