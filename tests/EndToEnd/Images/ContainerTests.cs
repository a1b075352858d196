using System.Net;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Images;

/// <summary>Both images, run by a container engine as a cluster would.</summary>
public sealed class ContainerTests(ITestOutputHelper output)
{
    private const string Model = ScoringLoad.Model;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_native_library_finds_what_it_needs_in_the_image()
    {
        var archive = ImageArchive.Read("inference-api");
        await using var podman = Podman.Start();
        var image = await podman.LoadAsync("inference-api");
        var libraries = archive.Files.Select(file => file.Name).Where(name => name.StartsWith("app/", StringComparison.Ordinal) && name.Contains(".so", StringComparison.Ordinal)).ToList();

        Assert.Contains("app/libonnxruntime.so", libraries);
        Assert.Contains(libraries, name => name.Contains("vips", StringComparison.Ordinal));
        foreach (var library in libraries)
        {
            var found = await LockedContainer.LibrariesOfAsync(podman, image, $"/{library}");
            Assert.Contains("libc.so.6 => ", found, StringComparison.Ordinal);
            Assert.DoesNotContain("not found", found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_rights_they_score_reload_and_stop_under_load_and_no_request_fails()
    {
        var (inference, sync) = (ImageArchive.PathOf("inference-api"), ImageArchive.PathOf("model-sync"));
        Assert.True(File.Exists(inference) && File.Exists(sync), $"{inference} and {sync} exist");
        await using var azurite = new Azurite();
        await azurite.InitializeAsync();
        var storage = azurite.NewStorage();
        var repository = new RepositoryContainer(storage.Container);
        await PublishAsync(repository, 1);
        await using var podman = Podman.Start();
        var syncImage = await podman.LoadAsync("model-sync");
        var image = await podman.LoadAsync("inference-api");
        (string, string)[] settings = [("ConnectionStrings__models", storage.ConnectionString), ("Platform__Key", "of-the-test")];

        var modelSync = await LockedContainer.StartAsync(podman, syncImage, "model-sync", [.. settings, ("Detection__ListEvery", "00:00:01")]);
        (string, string)[] ofReplicas = [.. settings, ("services__model-sync__http__0", modelSync.Address.ToString())];
        var a = await LockedContainer.StartAsync(podman, image, "a", [.. ofReplicas, ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=a")]);
        var b = await LockedContainer.StartAsync(podman, image, "b", [.. ofReplicas, ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=b")]);
        await AnswersAsync(1, a, b);
        foreach (var container in new[] { modelSync, a, b }) await IsLockedAsync(container);

        await using var load = ScoringLoad.Start(a.Address, b.Address);
        await PublishAsync(repository, 2);
        await AnswersAsync(2, a, b);
        var before = load.Answers;
        await Eventually.IsTrueAsync("version 2 is under load", () => Task.FromResult(load.Answers > before + 100));
        await a.TerminateAsync();
        var code = await a.ExitCodeAsync();
        before = load.Answers;
        await Eventually.IsTrueAsync("the other one has the load", () => Task.FromResult(load.Answers > before + 100));
        await load.StopAsync();

        output.WriteLine(load.Summary);
        var log = await b.LogsAsync();
        output.WriteLine(log);
        Assert.Empty(load.Failures);
        Assert.Equal(0, code);
        Assert.Equal(["1", "2"], load.Versions.Keys.Order(StringComparer.Ordinal));
        if (File.Exists("/usr/lib/x86_64-linux-gnu/libspng.so.0")) Assert.Contains("PNG with libspng", log, StringComparison.Ordinal);
        if (File.Exists("/usr/lib/x86_64-linux-gnu/libturbojpeg.so.0")) Assert.Contains("JPEG is decoded with libjpeg-turbo", log, StringComparison.Ordinal);
        await modelSync.TerminateAsync();
        Assert.Equal(0, await modelSync.ExitCodeAsync());
    }

    private static async Task IsLockedAsync(LockedContainer container)
    {
        Assert.Equal("1654\t1654\t1654\t1654", await container.StatusAsync("Uid"));
        Assert.Equal("1", await container.StatusAsync("NoNewPrivs"));
        foreach (var set in new[] { "CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb" }) Assert.Equal("0000000000000000", await container.StatusAsync(set));
        Assert.DoesNotContain("/", await container.WritableMountsAsync());
        Assert.Contains("/tmp", await container.WritableMountsAsync());
    }

    private static Task PublishAsync(RepositoryContainer repository, int version) =>
        repository.PublishFolderAsync(new ModelId(ModelName.Parse(Model), new ModelVersion(version)), ScoringLoad.FolderOf(version));

    private static async Task AnswersAsync(int version, params LockedContainer[] replicas)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        foreach (var replica in replicas)
        {
            await Eventually.IsTrueAsync(
                $"{replica.Address} answers with version {version}\n{await replica.LogsAsync()}",
                async () => await Convergence.VersionOfAsync(client, replica.Address.ToString().TrimEnd('/'), Model) == $"{version}", StartLimit);
        }
        using var ready = await client.GetAsync(new Uri(replicas[0].Address, "/v2/health/ready"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }
}
