using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using ModelPlatform.Bench.Hosting;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Bench.Simulation;

/// <summary>Tells ModelSync of new blobs as Event Grid does, which the emulator cannot.</summary>
internal sealed class BlobEvents : IDisposable
{
    public const string Key = "a-key-of-events-for-benchmarks";

    private readonly HttpClient _client;

    public BlobEvents(Server sync)
    {
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{sync.Port}")) };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    public async Task TellAsync(string blob)
    {
        var subject = $"/blobServices/default/containers/{RepositoryLayout.ContainerName}/blobs/{blob}";
        using var body = new StringContent(
            $$"""{ "specversion": "1.0", "id": "{{Guid.NewGuid()}}", "source": "/bench", "type": "Microsoft.Storage.BlobCreated", "subject": "{{subject}}" }""",
            Encoding.UTF8, new MediaTypeHeaderValue("application/cloudevents+json"));
        using var answer = await _client.PostAsync(new Uri(SyncRoutes.Events, UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();
}
