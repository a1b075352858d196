using System.Text;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Somebody speaks to ModelSync as if he were a replica, or writes documents as if he were ModelSync.</summary>
[Collection(OnePlatform.Name)]
public sealed class ForgedCallTests(BadInputPlatform bad, ITestOutputHelper output)
{
    private const string Key = "Authorization: Bearer development-only\r\n";

    private const string Json = "Content-Type: application/json\r\n";
    private const string Event = """[{ "eventType": "Microsoft.Storage.BlobCreated", "subject": "/blobServices/default/containers/models/blobs/quarters/1/model.json" }]""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    internal static string Ack(string member = "state", string value = "\"rejected\"") => member == "state"
        ? $$"""{ "generation": 1, "model": "quarters", "version": "1", "identity": "{{Identity.OfManifest("forged"u8)}}", "state": {{value}} }"""
        : $$"""{ "generation": 1, "model": "quarters", "version": "1", "identity": "{{Identity.OfManifest("forged"u8)}}", "state": "rejected", "{{member}}": {{value}} }""";

    [Fact]
    public async Task Forged_and_malformed_calls_are_refused_and_change_nothing()
    {
        // What replicas have still to say of earlier tests leads to documents of its own.
        await bad.LookedAtEverythingAsync();
        var before = Wanted(await StateAsync());
        foreach (var (what, expected, method, path, headers, body) in new (string, int, string, string, string, string)[]
        {
            ("an ack without a key", 401, "POST", "/v1/replicas/a/acks", "", Ack()),
            ("an ack with a wrong key", 401, "POST", "/v1/replicas/a/acks", "Authorization: Bearer development-onlx\r\n", Ack()),
            ("an ack with half a key", 401, "POST", "/v1/replicas/a/acks", "Authorization: Bearer development\r\n", Ack()),
            ("an ack with another scheme", 401, "POST", "/v1/replicas/a/acks", "Authorization: Basic ZGV2ZWxvcG1lbnQtb25seQ==\r\n", Ack()),
            ("an ack with the key in the query", 401, "POST", "/v1/replicas/a/acks?key=development-only", "", Ack()),
            ("an ack that is empty", 400, "POST", "/v1/replicas/a/acks", Key, ""),
            ("an ack that is no JSON", 400, "POST", "/v1/replicas/a/acks", Key, "{"),
            ("an ack of an unknown state", 400, "POST", "/v1/replicas/a/acks", Key, Ack("state", "\"winning\"")),
            ("an ack with a member twice", 400, "POST", "/v1/replicas/a/acks", Key, Ack("generation", "2")),
            ("an ack of a negative generation", 400, "POST", "/v1/replicas/a/acks", Key, Ack().Replace("1,", "-1,", StringComparison.Ordinal)),
            ("an ack nested without end", 400, "POST", "/v1/replicas/a/acks", Key, Ack("signature", new string('[', 10_000))),
            ("an ack of 300 kB", 413, "POST", "/v1/replicas/a/acks", Key, new string(' ', 300_000)),
            ("a watch without a key", 401, "GET", "/v1/state/watch?replica=a", "", ""),
            ("a watch without a replica", 400, "GET", "/v1/state/watch", Key, ""),
            ("a watch with a process id below zero", 400, "GET", "/v1/state/watch?replica=a&pid=-1", Key, ""),
            ("a watch with another kind of address", 400, "GET", "/v1/state/watch?replica=a&address=file:///etc/passwd", Key, ""),
            ("a watch from the far future", 400, "GET", "/v1/state/watch?replica=a&generation=99999999999999999999", Key, ""),
            ("a watch with a body of 300 kB", 413, "GET", "/v1/state/watch?replica=a", Key, new string(' ', 300_000)),
            ("a wish without a key", 401, "POST", "/v1/models/quarters/unload", "", ""),
            ("a wish with a wrong key", 401, "POST", "/v1/models/quarters/unload", "Authorization: Bearer development-onlx\r\n", ""),
            ("a wish with the key in the query", 401, "POST", "/v1/models/quarters/unload?key=development-only", "", ""),
            ("a wish with a body of 300 kB", 413, "POST", "/v1/models/quarters/unload", Key, new string(' ', 300_000)),
            ("a wish for a model that is none", 404, "POST", "/v1/models/..%2fquarters/unload", Key, new string('[', 10_000)),
            ("a wish that is put", 405, "PUT", "/v1/models/quarters/unload", Key, ""),
            ("an event without a key", 401, "POST", "/events/blob", Json, Event),
            ("an event with a wrong key", 401, "POST", "/events/blob?key=development-onlx", Json, Event),
            ("an event that is empty", 400, "POST", "/events/blob", Key + Json, ""),
            ("an event that is no JSON", 400, "POST", "/events/blob", Key + Json, "{"),
            ("an event of no type", 400, "POST", "/events/blob", Key + Json, "[{}]"),
            ("an event nested without end", 400, "POST", "/events/blob", Key + Json, new string('[', 100_000)),
            ("an event as text", 415, "POST", "/events/blob", Key, Event),
            ("an event that is read", 405, "GET", "/events/blob", Key, ""),
            ("a question for consent without a key", 401, "OPTIONS", "/events/blob", "WebHook-Request-Origin: evil.example\r\n", ""),
            ("a document that is posted", 405, "POST", "/v1/state", Key, "{}"),
            ("a replica that is deleted", 405, "DELETE", "/v1/replicas", Key, ""),
        })
        {
            var (status, answer) = await RawHttp.SendAsync(bad.Platform.Sync, method, path, headers, body);
            output.WriteLine($"{what}: {status} {answer[(answer.IndexOf('{', StringComparison.Ordinal) is var at and >= 0 ? at : answer.Length)..].Split('\n')[0]}");
            Assert.True(status == expected, $"{what}: {answer}");
        }
        Assert.Equal(before, Wanted(await StateAsync()));
        await bad.AnswersAsEverAsync();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "schema": 1, "generation": 900719925474, "published": "2026-11-22T10:00:00Z", "models": {""")]
    public async Task A_malformed_document_in_the_container_unloads_nothing_and_is_overcome(string document)
    {
        await bad.Platform.Repository.UploadAsync(RepositoryLayout.DesiredState, Encoding.UTF8.GetBytes(document));
        await bad.LookedAtEverythingAsync();
        await bad.AnswersAsEverAsync();
        var stored = await bad.Platform.Repository.Client.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(Cancelled);
        Assert.NotEmpty(DesiredState.Parse(stored.Value.Content.ToArray()).Models);
    }

    private async Task<DesiredState> StateAsync() =>
        DesiredState.Parse(await bad.Platform.Client.GetByteArrayAsync(new Uri(bad.Platform.Sync, SyncRoutes.State), Cancelled));

    private static IEnumerable<string> Wanted(DesiredState state) =>
        state.Models.OrderBy(model => model.Key).Select(model => $"{model.Key}: {string.Join(' ', model.Value.Versions.Select(version => version.Identity))}");
}
