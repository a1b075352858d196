using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>What a client gets from the real server when something is wrong, in every environment.</summary>
public sealed class ServerTests(Azurite azurite)
{
    private const int MaxBody = 4096;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Environments => ["Development", "Production"];

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Every_error_is_told_in_the_protocols_form_and_gives_nothing_away(string environment)
    {
        await using var app = await StartAsync(environment);
        using var client = app.StartOnSocket();
        await Eventually.IsTrueAsync("ready", async () => (await client.GetAsync("/v2/health/ready", Cancelled)).IsSuccessStatusCode);

        using var unknownPath = await client.GetAsync("/v2/nothing", Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, unknownPath);
        using var wrongVerb = await client.GetAsync("/v2/models/nan/classify", Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.MethodNotAllowed, wrongVerb);
        foreach (var name in new[] { "..%2F..%2Fetc%2Fpasswd", "%E2%80%AE", new string('a', 3000), "a%5Cb", "%3Cscript%3E", "nan%20" })
        {
            using var strangeName = await client.GetAsync($"/v2/models/{name}", Cancelled);
            await InferenceApp.IsErrorAsync(HttpStatusCode.NotFound, strangeName);
        }
        using var notJson = await client.PostAsync("/v2/models/nan/infer", new StringContent("{\"inputs\":[1"), Cancelled);
        await InferenceApp.IsErrorAsync(HttpStatusCode.BadRequest, notJson);
        using var notANumber = await ClassifyAsync(client, "image/png", PngFile.Grey(2, 2, 0));
        await InferenceApp.IsErrorAsync(HttpStatusCode.UnprocessableEntity, notANumber);
        Assert.Contains("NaN", await notANumber.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_health_report_has_the_form_that_the_health_page_reads()
    {
        await using var app = await StartAsync("Production");
        using var client = app.StartOnSocket();
        var report = await Eventually.GetAsync("healthy", async () =>
        {
            using var answer = await client.GetAsync("/health", Cancelled);
            var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
            Assert.Equal(answer.IsSuccessStatusCode, (string?)report["status"] == "Healthy");
            return answer.IsSuccessStatusCode ? report : null;
        });
        Assert.Equal("""{"data":{},"status":"Healthy","tags":[]}""", Without("duration", report["entries"]!["models"]!));
        Assert.Equal("""{"data":{},"status":"Healthy","tags":["live"]}""", Without("duration", report["entries"]!["self"]!));

        static string Without(string member, JsonNode entry)
        {
            Assert.True(entry.AsObject().Remove(member));
            return entry.ToJsonString();
        }
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413_with_and_without_a_length()
    {
        await using var app = await StartAsync("Production");
        using var client = app.StartOnSocket();
        await Eventually.IsTrueAsync("ready", async () => (await client.GetAsync("/v2/health/ready", Cancelled)).IsSuccessStatusCode);
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/nan/infer") { Content = new ByteArrayContent(new byte[MaxBody + 1]) };
            request.Headers.TransferEncodingChunked = chunked;
            using var answer = await client.SendAsync(request, Cancelled);
            await InferenceApp.IsErrorAsync(HttpStatusCode.RequestEntityTooLarge, answer);
        }
    }

    [Theory]
    [InlineData(null, 415)]
    [InlineData("", 415)]
    [InlineData("image", 415)]
    [InlineData("image/png, image/jpeg", 415)]
    [InlineData("image/svg+xml", 415)]
    [InlineData("IMAGE/PNG; q=1", 400)]
    public async Task Strange_media_types_are_answered_in_form(string? mediaType, int status)
    {
        await using var app = await StartAsync("Development");
        using var client = app.StartOnSocket();
        await Eventually.IsTrueAsync("ready", async () => (await client.GetAsync("/v2/health/ready", Cancelled)).IsSuccessStatusCode);
        using var answer = await ClassifyAsync(client, mediaType, [1, 2, 3]);
        await InferenceApp.IsErrorAsync((HttpStatusCode)status, answer);
    }

    [Fact]
    public async Task A_body_shorter_than_announced_hurts_nobody_else()
    {
        await using var app = await StartAsync("Production");
        using var client = app.StartOnSocket();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port, Cancelled);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v2/models/nan/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}"), Cancelled);
            socket.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream);
            Assert.DoesNotContain(" at ", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        }
        Assert.True((await client.GetAsync("/v2/health/live", Cancelled)).IsSuccessStatusCode);
        Assert.DoesNotContain(app.Logs.Warnings, text => text.Contains("failed inside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_everything_is_no_crash()
    {
        await using var app = await StartAsync("Production");
        using (var client = app.StartOnSocket())
            await Eventually.IsTrueAsync("ready", async () => (await client.GetAsync("/v2/health/ready", Cancelled)).IsSuccessStatusCode);

        await app.DisposeAsync();

        Assert.DoesNotContain(app.Logs.Warnings, text => text.Contains("BackgroundService", StringComparison.Ordinal) || text.Contains("crash", StringComparison.Ordinal));
    }

    private async Task<InferenceApp> StartAsync(string environment)
    {
        var storage = azurite.NewStorage();
        var repository = new RepositoryContainer(storage.Container);
        var id = new ModelId(ModelName.Parse("nan"), new ModelVersion(1));
        var version = await repository.PublishAsync(id, new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.NaNForBlack() });
        await repository.WantAsync(1, ("nan", RepositoryContainer.Model(version)));
        return new InferenceApp(storage.ConnectionString, ("Limits:MaxBodyBytes", $"{MaxBody}"), ("Platform:Key", "server-tests")) { Environment = environment };
    }

    private static Task<HttpResponseMessage> ClassifyAsync(HttpClient client, string? mediaType, byte[] body)
    {
        var content = new ByteArrayContent(body);
        if (mediaType is not null) content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return client.PostAsync("/v2/models/nan/classify", content, Cancelled);
    }
}
