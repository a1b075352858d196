using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Instances as processes, since only those can be stopped and killed.</summary>
public sealed class LeaderProcessTests(Azurite azurite)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leader_that_hangs_is_followed_and_when_it_wakes_up_it_has_nothing_to_say()
    {
        var storage = azurite.NewStorage();
        await using var hung = Instance.Start(storage, "a");
        await hung.IsAsync("It leads.");
        await using var other = Instance.Start(storage, "b");
        await other.IsAsync("standby: a leads.");
        await storage.Container.PublishAsync("fashion/1");
        await other.DocumentIsAsync(storage, 1);

        hung.Process.Suspend();
        var clock = Stopwatch.StartNew();
        await storage.Container.PublishAsync("fashion/2");
        await other.IsAsync("It leads.");
        TestContext.Current.TestOutputHelper?.WriteLine($"followed after {clock.Elapsed.TotalSeconds:0.0} s");
        await other.DocumentIsAsync(storage, 2);
        var written = await EtagAsync(storage);

        hung.Process.Resume();
        await hung.IsAsync("standby: b leads.");
        Assert.Equal(written, await EtagAsync(storage));
        Assert.Equal("It leads.", await other.StandingAsync());
        Assert.Contains("This instance leads no more", hung.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_with_a_name_that_is_killed_leads_at_once_when_it_starts_again()
    {
        var storage = azurite.NewStorage();
        await using (var killed = Instance.Start(storage, "a"))
        {
            await killed.IsAsync("It leads.");
            killed.Process.KillNow();
        }
        var clock = Stopwatch.StartNew();
        await using var again = Instance.Start(storage, "a");
        await again.IsAsync("It leads.");
        TestContext.Current.TestOutputHelper?.WriteLine($"leads again after {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(12), $"{clock.Elapsed}");
    }

    private static async Task<string> EtagAsync(Storage storage) =>
        (await storage.Container.GetBlobClient(RepositoryLayout.DesiredState).GetPropertiesAsync(cancellationToken: Cancelled)).Value.ETag.ToString();

    private sealed class Instance(ProcessGroup process, Uri address) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };

        public ProcessGroup Process => process;

        public static Instance Start(Storage storage, string name)
        {
            var address = $"http://127.0.0.1:{FreePort.Next()}";
            var process = ProcessGroup.Start(RepositoryRoot.Combine("artifacts", "bin", "ModelSync", "debug", "ModelPlatform.Sync"), ["--contentRoot", RepositoryRoot.Combine("ModelSync")], new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = address,
                ["ConnectionStrings__models"] = storage.ConnectionString,
                ["Detection__ListEvery"] = "00:00:00.2",
                ["Leader__Instance"] = name,
            });
            return new Instance(process, new Uri(address));
        }

        public async Task<string> StandingAsync()
        {
            using var answer = await _client.GetAsync(new Uri(address, "/health"), Cancelled);
            var leader = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["entries"]!["leader"]!;
            // A leader that has not read the repository yet is not ready either.
            Assert.True((string?)leader["status"] == "Healthy" || answer.StatusCode == HttpStatusCode.ServiceUnavailable);
            return (string)leader["description"]!;
        }

        public Task IsAsync(string standing) => Eventually.IsTrueAsync($"{standing}\n{process.Output}", async () => await StandingAsync() == standing);

        public Task DocumentIsAsync(Storage storage, int version) => Eventually.IsTrueAsync($"version {version} is published\n{process.Output}", async () =>
        {
            var blob = storage.Container.GetBlobClient(RepositoryLayout.DesiredState);
            if (!await blob.ExistsAsync(Cancelled)) return false;
            var state = DesiredState.Parse((await blob.DownloadContentAsync(Cancelled)).Value.Content);
            return state.Models.TryGetValue(ModelName.Parse("fashion"), out var model) && model.Versions.Single().Version.Number == version;
        });

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await process.DisposeAsync();
        }
    }
}
