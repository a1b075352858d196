using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>What is sent for one event to one target. Pure; made anew for each try, since the signature holds the time.</summary>
internal static class WebhookRequest
{
    // Nobody embeds it in HTML.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static HttpRequestMessage Of(WebhookTarget target, WebhookEvent news, string source, DateTimeOffset now) => target.Kind switch
    {
        WebhookKind.AzureDevOps => PipelineRun(target, news),
        WebhookKind.GitHub => target.Workflow is null ? RepositoryDispatch(target, news) : WorkflowDispatch(target, news, target.Workflow),
        _ => CloudEvent(target, news, source, now),
    };

    private static HttpRequestMessage CloudEvent(WebhookTarget target, WebhookEvent news, string source, DateTimeOffset now)
    {
        var body = Bytes(news.ToCloudEvent(source));
        var request = Post(target, new Uri(target.Address!), body, "application/cloudevents+json");
        if (target.Secret is not { } secret) return request;
        var timestamp = now.ToUnixTimeSeconds();
        request.Headers.Add("webhook-id", news.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(provider: null));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(news.Id, timestamp, body, secret));
        return request;
    }

    // https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs/run-pipeline
    private static HttpRequestMessage PipelineRun(WebhookTarget target, WebhookEvent news)
    {
        var body = new JsonObject { ["templateParameters"] = news.ToInputs(target.WantedInputs) };
        if (target.Ref is { } branch) body["resources"] = new JsonObject { ["repositories"] = new JsonObject { ["self"] = new JsonObject { ["refName"] = branch } } };
        return Post(target, Below(target, $"{Uri.EscapeDataString(target.Project!)}/_apis/pipelines/{target.Pipeline}/runs?api-version=7.1"), Bytes(body), "application/json");
    }

    // https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
    private static HttpRequestMessage WorkflowDispatch(WebhookTarget target, WebhookEvent news, string workflow) =>
        ToGitHub(target, $"actions/workflows/{Uri.EscapeDataString(workflow)}/dispatches", new JsonObject { ["ref"] = target.Ref, ["inputs"] = news.ToInputs(target.WantedInputs) });

    // https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event
    private static HttpRequestMessage RepositoryDispatch(WebhookTarget target, WebhookEvent news) =>
        ToGitHub(target, "dispatches", new JsonObject { ["event_type"] = news.Type, ["client_payload"] = news.ToInputs(target.WantedInputs) });

    private static HttpRequestMessage ToGitHub(WebhookTarget target, string path, JsonObject body)
    {
        var repository = string.Join('/', target.Repository!.Split('/').Select(Uri.EscapeDataString));
        var request = Post(target, Below(target, $"repos/{repository}/{path}"), Bytes(body), "application/json");
        request.Headers.Accept.Add(new("application/vnd.github+json"));
        request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        return request;
    }

    private static HttpRequestMessage Post(WebhookTarget target, Uri address, byte[] body, string type)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(type) { CharSet = "utf-8" };
        // GitHub answers nobody without a name.
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ModelPlatform", null));
        if (target.Token is { } token) request.Headers.Authorization = Authorization(target, token);
        return request;
    }

    // A personal access token of Azure DevOps is the password of a user without a name; one of Entra is a bearer's.
    private static AuthenticationHeaderValue Authorization(WebhookTarget target, string token) =>
        (target.Scheme ?? (target.Kind == WebhookKind.AzureDevOps ? TokenScheme.Basic : TokenScheme.Bearer)) == TokenScheme.Basic
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($":{token}")))
            : new("Bearer", token);

    private static Uri Below(WebhookTarget target, string path) => new($"{target.Address!.TrimEnd('/')}/{path}");

    private static byte[] Bytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, Readable);
}
