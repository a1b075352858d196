using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Telling;
using ModelPlatform.Sync.Webhooks;

namespace ModelPlatform.Tests.Integration.Sync;

public sealed class WebhookTests(Azurite azurite)
{
    private const string Secret = "a secret of this test";
    private static readonly HistoryEntry Live = new(HistoryKind.Live, ModelName.Parse("fashion"), new(2), Identity.OfManifest("x"u8), 7, DateTimeOffset.UnixEpoch);

    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_arrives_signed_and_others_stay_at_home()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sync = await TellingAsync([("Url", $"{receiver.Address}/in?sig=1"), ("Secret", Secret)]);
        Announce(sync, Live with { Kind = HistoryKind.Stepped }, Live);

        var call = Assert.Single(await receiver.GetAsync(1));
        Assert.Equal("POST /in?sig=1", call.Line);
        Assert.Equal("application/cloudevents+json; charset=utf-8", call.Headers["Content-Type"]);
        var news = JsonNode.Parse(call.Body)!;
        Assert.Equal(("modelplatform.model.live", "fashion/2", _storage.Container.Uri.AbsoluteUri), ((string?)news["type"], (string?)news["subject"], (string?)news["source"]));
        Assert.Equal((string?)news["id"], call.Headers["webhook-id"]);
        Assert.Equal(
            WebhookSignature.Of(call.Headers["webhook-id"], long.Parse(call.Headers["webhook-timestamp"], provider: null), Encoding.UTF8.GetBytes(call.Body), Secret),
            call.Headers["webhook-signature"]);
        await Eventually.IsTrueAsync("a log record", () => Task.FromResult(sync.Logs.Texts.Any(text => text.Contains("was told modelplatform.model.live of fashion/2", StringComparison.Ordinal))));
        Assert.DoesNotContain(sync.Logs.Texts, text => text.Contains("sig=1", StringComparison.Ordinal) || text.Contains(Secret, StringComparison.Ordinal));
        Assert.Empty(sync.Logs.Warnings);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(0)]     // the connection is cut
    public async Task What_may_pass_is_tried_again_with_the_same_id(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, call) =>
        {
            if (call <= 2 && status == 0) context.Abort();
            else context.Response.StatusCode = call <= 2 ? status : 204;
            return Task.CompletedTask;
        };
        await using var sync = await TellingAsync([("Url", receiver.Address)]);
        Announce(sync, Live);
        Assert.Single((await receiver.GetAsync(3)).Select(call => (string?)JsonNode.Parse(call.Body)!["id"]).Distinct());
        await Eventually.IsTrueAsync("accepted", () => Task.FromResult(sync.Logs.Texts.Any(text => text.Contains("was told", StringComparison.Ordinal))));
        Assert.Equal(3, receiver.Calls.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(302)]
    public async Task What_stays_refused_is_given_up_at_once_with_what_the_target_said_and_no_redirect_is_followed(int status)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (context, call) =>
        {
            context.Response.StatusCode = call == 1 ? status : 204;
            context.Response.Headers.Location = "/elsewhere";
            return call == 1 ? context.Response.WriteAsync("no \u001b[31mway") : Task.CompletedTask;
        };
        await using var sync = await TellingAsync([("Url", receiver.Address), ("Name", "ops")]);
        Announce(sync, Live, Live with { Kind = HistoryKind.RolledBack });
        Assert.Equal("modelplatform.model.rolledBack", (string?)JsonNode.Parse((await receiver.GetAsync(2))[1].Body)!["type"]);
        Assert.Equal($"""ops cannot be told modelplatform.model.live of fashion/2: {status}: no \u001b[31mway """, Assert.Single(sync.Logs.Warnings));
        Assert.DoesNotContain(receiver.Calls, call => call.Line.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_that_hangs_holds_up_nobody_and_is_given_up()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        hanging.Answer = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await using var sync = new SyncHost(_storage, settings:
        [
            ("Webhooks:Targets:0:Url", hanging.Address), ("Webhooks:Targets:1:Url", receiver.Address), ("Webhooks:Targets:0:Name", "slow"),
            ("Webhooks:Timeout", "00:00:00.5"), ("Webhooks:Retries", "1"), ("Webhooks:RetryFirst", "00:00:00.01"), ("Webhooks:MaxPending", "5"),
        ]);
        // Far more than may wait for it.
        for (var i = 0; i < 50; i++)
        {
            Announce(sync, Live with { Generation = i });
            await receiver.GetAsync(i + 1);
        }
        await Eventually.IsTrueAsync("given up", () => Task.FromResult(sync.Logs.Warnings.Any(text => text.Contains("slow cannot be told modelplatform.model.live of fashion/2: it does not answer in time", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task The_presets_start_a_pipeline_and_a_workflow()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sync = new SyncHost(_storage, settings:
        [
            ("Webhooks:Targets:0:Kind", "azureDevOps"), ("Webhooks:Targets:0:Url", $"{receiver.Address}/contoso"), ("Webhooks:Targets:0:Token", "pat"),
            ("Webhooks:Targets:0:Project", "ai"), ("Webhooks:Targets:0:Pipeline", "42"),
            ("Webhooks:Targets:1:Kind", "gitHub"), ("Webhooks:Targets:1:Url", receiver.Address), ("Webhooks:Targets:1:Token", "ghp"),
            ("Webhooks:Targets:1:Repository", "contoso/models"), ("Webhooks:Targets:1:Workflow", "smoke.yml"), ("Webhooks:Targets:1:Ref", "main"),
            ("Webhooks:Targets:1:Events:0", "rolledBack"), ("Webhooks:Targets:1:Inputs:tag", "{model}-{version}"),
        ]);
        Announce(sync, Live, Live with { Kind = HistoryKind.RolledBack });
        var calls = (await receiver.GetAsync(3)).ToLookup(call => call.Line);
        var run = calls["POST /contoso/ai/_apis/pipelines/42/runs?api-version=7.1"].First();
        Assert.Equal(("Basic OnBhdA==", """{"templateParameters":{"model":"fashion","version":"2","event":"live"}}"""), (run.Headers["Authorization"], run.Body));
        var dispatch = calls["POST /repos/contoso/models/actions/workflows/smoke.yml/dispatches"].Single();
        Assert.Equal(("Bearer ghp", """{"ref":"main","inputs":{"tag":"fashion-2"}}"""), (dispatch.Headers["Authorization"], dispatch.Body));
        Assert.DoesNotContain(sync.Logs.Texts, text => text.Contains("ghp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_nobody_foresaw_ends_one_delivery_and_neither_its_target_nor_others_nor_the_host()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var sync = new SyncHost(
            _storage,
            services: services =>
            {
                // The rules refuse it; somebody may always find what they do not know.
                services.Remove(services.Single(service => service.ImplementationType == typeof(WebhookTargetRules)));
                services.PostConfigure<WebhookOptions>(options => options.Targets[0].Inputs = new() { ["note"] = null! });
            },
            settings:
            [
                ("Webhooks:Targets:0:Kind", "gitHub"), ("Webhooks:Targets:0:Url", receiver.Address), ("Webhooks:Targets:0:Token", "ghp"),
                ("Webhooks:Targets:0:Repository", "contoso/models"), ("Webhooks:Targets:0:Name", "odd"), ("Webhooks:Targets:1:Url", receiver.Address),
            ]);
        await sync.IsHealthyAsync();
        Announce(sync, Live, Live);
        await receiver.GetAsync(2);
        await Eventually.IsTrueAsync("both given up", () => Task.FromResult(
            sync.Logs.Warnings.Count(text => text.StartsWith("odd cannot be told modelplatform.model.live of fashion/2: Object reference not set", StringComparison.Ordinal)) == 2));
        Announce(sync, Live);
        await receiver.GetAsync(3);
        Assert.Equal("Healthy", await sync.HealthAsync());
    }

    // Healthy, since the history would complain of a container that is not there yet.
    private async Task<SyncHost> TellingAsync((string Key, string Value)[] target)
    {
        var sync = new SyncHost(_storage, settings: [("Webhooks:RetryFirst", "00:00:00.01"), .. target.Select(setting => ($"Webhooks:Targets:0:{setting.Key}", setting.Value))]);
        await sync.IsHealthyAsync();
        return sync;
    }

    private static void Announce(SyncHost sync, params HistoryEntry[] entries)
    {
        foreach (var entry in entries) sync.Services.GetRequiredService<Announcements>().Announce(entry);
    }
}
