using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Webhooks;

namespace ModelPlatform.Tests.Unit.Sync.Webhooks;

/// <summary>What goes over the wire, to the letter: receivers have been written against it.</summary>
public sealed class WebhookRequestTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly Identity Content = Identity.OfManifest("x"u8);
    private static readonly HistoryEntry Live = new(HistoryKind.Live, ModelName.Parse("fashion"), new(2), Content, 7, new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero), Traceparent: Trace);
    private static readonly HistoryEntry Back = Live with { Kind = HistoryKind.RolledBack, Reason = "golden \"0\" fails", Traceparent = null };

    [Fact]
    public async Task A_plain_target_gets_a_cloudevent_in_structured_mode()
    {
        var target = new WebhookTarget { Url = "https://hooks.example.com/in?sig=1" };
        Assert.Equal(
            $$$"""
            POST https://hooks.example.com/in?sig=1
            User-Agent: ModelPlatform
            Content-Type: application/cloudevents+json; charset=utf-8

            {"specversion":"1.0","id":"id-1","source":"https://a.blob.core.windows.net/models","type":"modelplatform.model.live","subject":"fashion/2","time":"2026-11-22T10:00:00.0000000Z","datacontenttype":"application/json","traceparent":"{{{Trace}}}","data":{"kind":"live","model":"fashion","version":"2","identity":"{{{Content}}}","generation":7,"time":"2026-11-22T10:00:00+00:00","traceparent":"{{{Trace}}}"}}
            """, await TextOf(target, Live));
    }

    [Fact]
    public async Task A_secret_signs_as_standard_webhooks_does()
    {
        using var request = WebhookRequest.Of(new() { Url = "https://x", Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, new(Live, "id-1"), "source", DateTimeOffset.FromUnixTimeSeconds(1614265330));
        var body = await request.Content!.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal("id-1", request.Headers.GetValues("webhook-id").Single());
        Assert.Equal("1614265330", request.Headers.GetValues("webhook-timestamp").Single());
        Assert.Equal(WebhookSignature.Of("id-1", 1614265330, body, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), request.Headers.GetValues("webhook-signature").Single());
    }

    // The first is the convention's own example; both were also computed with openssl.
    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("a plain secret of ours", "v1,MYbepO4GSiCQ8H1aiLWgFsHRR35bNlcv+0gNFDJ02ng=")]
    public void The_signature_is_that_of_the_convention(string secret, string signature) =>
        Assert.Equal(signature, WebhookSignature.Of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8, secret));

    [Fact]
    public async Task Azure_devops_is_asked_for_a_run_of_the_pipeline()
    {
        var target = new WebhookTarget { Kind = WebhookKind.AzureDevOps, Url = "https://dev.azure.com/contoso/", Project = "AI Apps", Pipeline = 42, Token = "pat", Ref = "refs/heads/main" };
        Assert.Equal(
            """
            POST https://dev.azure.com/contoso/AI%20Apps/_apis/pipelines/42/runs?api-version=7.1
            User-Agent: ModelPlatform
            Authorization: Basic OnBhdA==
            Content-Type: application/json; charset=utf-8

            {"templateParameters":{"model":"fashion","version":"2","event":"live"},"resources":{"repositories":{"self":{"refName":"refs/heads/main"}}}}
            """, await TextOf(target, Live));
        target.Scheme = TokenScheme.Bearer;
        Assert.Contains("Authorization: Bearer pat", await TextOf(target, Live), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Github_is_asked_to_dispatch_the_workflow()
    {
        var target = new WebhookTarget
        {
            Kind = WebhookKind.GitHub,
            Repository = "contoso/models",
            Workflow = "retrain.yml",
            Ref = "main",
            Token = "ghp",
            Inputs = new() { ["what"] = "{model}/{version} is {event}: {reason}", ["digest"] = "{identity} of {generation}" },
        };
        Assert.Equal(
            $$$"""
            POST https://api.github.com/repos/contoso/models/actions/workflows/retrain.yml/dispatches
            User-Agent: ModelPlatform
            Authorization: Bearer ghp
            Accept: application/vnd.github+json
            X-GitHub-Api-Version: 2022-11-28
            Content-Type: application/json; charset=utf-8

            {"ref":"main","inputs":{"what":"fashion/2 is rolledBack: golden \"0\" fails","digest":"{{{Content}}} of 7"}}
            """, await TextOf(target, Back));
    }

    [Fact]
    public async Task Without_a_workflow_github_gets_an_event_of_the_repository()
    {
        var target = new WebhookTarget { Kind = WebhookKind.GitHub, Url = "https://github.example.com/api/v3", Repository = "contoso/models", Token = "ghp" };
        var text = await TextOf(target, Back);
        Assert.StartsWith("POST https://github.example.com/api/v3/repos/contoso/models/dispatches\n", text, StringComparison.Ordinal);
        Assert.EndsWith("""{"event_type":"modelplatform.model.rolledBack","client_payload":{"model":"fashion","version":"2","event":"rolledBack"}}""", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HistoryKind.Published, true)]
    [InlineData(HistoryKind.Live, true)]
    [InlineData(HistoryKind.RolledBack, true)]
    [InlineData(HistoryKind.Quarantined, true)]
    [InlineData(HistoryKind.Stepped, false)]
    [InlineData(HistoryKind.Pinned, false)]
    public void Targets_are_told_the_results_unless_they_say_what_they_want(HistoryKind kind, bool isTold)
    {
        Assert.Equal(isTold, new WebhookTarget().Wants(kind));
        Assert.Equal(kind == HistoryKind.Pinned, new WebhookTarget { Events = [HistoryKind.Pinned] }.Wants(kind));
    }

    private static async Task<string> TextOf(WebhookTarget target, HistoryEntry entry)
    {
        using var request = WebhookRequest.Of(target, new WebhookEvent(entry, "id-1"), "https://a.blob.core.windows.net/models", DateTimeOffset.UnixEpoch);
        var text = new StringBuilder($"{request.Method} {request.RequestUri!.AbsoluteUri}\n");
        foreach (var (name, values) in request.Headers.Concat(request.Content!.Headers)) text.Append($"{name}: {string.Join(", ", values)}\n");
        return $"{text}\n{await request.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
    }
}
