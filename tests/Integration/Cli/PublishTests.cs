using System.Diagnostics;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ModelPlatform.Cli;
using ModelPlatform.Cli.Publishing;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class PublishTests(Azurite azurite) : IDisposable
{
    private readonly Storage _storage = azurite.NewStorage();
    private readonly string _folder = Directory.CreateTempSubdirectory("publish-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_becomes_a_version_that_model_json_commits_last()
    {
        Write("model.onnx", "graph");
        Write("labels.txt", "a\nb\n");
        Write("golden/x.png", "picture");
        Write("model.json", """{ "labels": "labels.txt", "golden": [ { "image": "golden/x.png", "label": "a" } ] }""");
        Write(".DS_Store", "hidden");

        var ran = (await ModelCtl.RunAsync(_storage, "publish", _folder, "--model", "fashion")).Expect(0);

        var blobs = await ListAsync();
        Assert.Equal(["fashion/1/golden/x.png", "fashion/1/labels.txt", "fashion/1/model.json", "fashion/1/model.onnx"], blobs.Select(blob => blob.Name));
        var commit = blobs.Single(blob => blob.Name.EndsWith("model.json", StringComparison.Ordinal));
        Assert.All(blobs, blob => Assert.True(blob.Properties.LastModified <= commit.Properties.LastModified));
        Assert.True(ActivityContext.TryParse(commit.Metadata[RepositoryLayout.TraceParentMetadata], null, out var trace));
        Assert.Equal(ActivityTraceFlags.Recorded, trace.TraceFlags);

        var json = await ReadAsync("fashion/1/model.json");
        var manifest = ModelManifest.Parse(json);
        Assert.Equal("golden/x.png", manifest.Golden[0].Image?.ToString());
        Assert.Equal(3, manifest.Files!.Count);
        foreach (var (path, file) in manifest.Files)
        {
            var content = await ReadAsync($"fashion/1/{path}");
            Assert.Equal(new ManifestFile(content.Length, Sha256Digest.Of(content)), file);
        }
        Assert.StartsWith($"published fashion/1  {Identity.OfManifest(json)}", ran.Output, StringComparison.Ordinal);
        Assert.Contains("3 files, 16 bytes", ran.Output, StringComparison.Ordinal);
        Assert.Contains(_storage.Container.Uri.ToString(), ran.Error, StringComparison.Ordinal);
        Assert.Equal("""{ "labels": "labels.txt", "golden": [ { "image": "golden/x.png", "label": "a" } ] }""", File.ReadAllText(Path.Combine(_folder, "model.json")));
    }

    [Fact]
    public async Task The_default_is_the_next_version_and_a_committed_one_is_never_changed()
    {
        Write("model.onnx", "one");
        (await PublishAsync()).Expect(0);
        (await PublishAsync("--version", "7")).Expect(0);
        Assert.StartsWith("published fashion/8 ", (await PublishAsync()).Expect(0).Output, StringComparison.Ordinal);

        Write("model.onnx", "two");
        Assert.Contains("fashion/7 is committed already, with other content", (await PublishAsync("--version", "7")).Expect(3).Error, StringComparison.Ordinal);
        (await PublishAsync("--version", "7", "--if-absent")).Expect(3);
        Assert.Equal("one", Encoding.UTF8.GetString(await ReadAsync("fashion/7/model.onnx")));

        Write("model.onnx", "one");
        Assert.Contains("fashion/7 is committed already, with the same content", (await PublishAsync("--version", "7")).Expect(3).Error, StringComparison.Ordinal);
        Assert.StartsWith("already there: fashion/7 ", (await PublishAsync("--version", "7", "--if-absent")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_publish_is_repeated_under_its_version()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PutAsync("fashion/1/model.onnx", "half");
        await _storage.Container.PutAsync("fashion/1/left.over", "x");
        await _storage.Container.GetBlockBlobClient("fashion/1/weights.bin").StageBlockAsync("AAAA", new MemoryStream([1]), cancellationToken: Cancelled);

        Write("model.onnx", "whole");
        Write("weights.bin", "weights");
        Assert.StartsWith("published fashion/1 ", (await PublishAsync()).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal("whole", Encoding.UTF8.GetString(await ReadAsync("fashion/1/model.onnx")));
        Assert.Equal("weights", Encoding.UTF8.GetString(await ReadAsync("fashion/1/weights.bin")));
        Assert.Equal(["model.onnx", "weights.bin"], ModelManifest.Parse(await ReadAsync("fashion/1/model.json")).Files!.Keys.Select(path => path.ToString()));
    }

    [Fact]
    public async Task A_dry_run_tells_everything_and_writes_nothing()
    {
        Write("model.onnx", "graph");
        var told = (await PublishAsync("--dry-run")).Expect(0).Output;
        Assert.False(await _storage.Container.ExistsAsync(Cancelled));

        var done = (await PublishAsync()).Expect(0).Output;
        Assert.Equal(told.Split('\n')[0].Replace("would publish", "published", StringComparison.Ordinal), done.Split('\n')[0]);
        (await PublishAsync("--version", "1", "--dry-run")).Expect(3);
        (await PublishAsync("--version", "1", "--dry-run", "--if-absent")).Expect(0);
    }

    [Fact]
    public async Task A_folder_that_is_no_model_is_refused_before_the_storage_is_asked()
    {
        Write("model.json", """{ "lables": "labels.txt" }""");
        var ran = (await PublishAsync()).Expect(3);
        Assert.Contains("model.onnx is missing.", ran.Error, StringComparison.Ordinal);
        Assert.Contains("model.json: lables: This member is not known.", ran.Error, StringComparison.Ordinal);
        Assert.False(await _storage.Container.ExistsAsync(Cancelled));
    }

    [Fact]
    public async Task Publishers_of_one_version_never_mix_their_files()
    {
        const int publishers = 6;
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var folders = Enumerable.Range(0, publishers).Select(i =>
        {
            for (var file = 0; file < 5; file++) Write($"{i}/{file}.bin", $"{i}");
            Write($"{i}/model.onnx", $"graph {i}");
            return new ModelFolder(Path.Combine(_folder, $"{i}"));
        }).ToList();

        var wish = new PublishWish(ModelName.Parse("fashion"), new ModelVersion(1), IfAbsent: false, DryRun: false);
        var outcomes = await Task.WhenAll(folders.Select(async folder =>
        {
            try { return await new Publication(folder, PublishPlan.Of(folder.List(), null), _storage.Container, wish).RunAsync(Cancelled); }
            catch (CommandFailure refused) when (refused.ExitCode == ExitCode.Refused) { return null; }
        }));

        var winner = Assert.Single(outcomes.OfType<PublishOutcome>());
        Assert.Equal(winner.Manifest, await ReadAsync("fashion/1/model.json"));
        foreach (var (path, file) in ModelManifest.Parse(winner.Manifest).Files!) Assert.Equal(file.Sha256, Sha256Digest.Of(await ReadAsync($"fashion/1/{path}")));
    }

    [Fact]
    public async Task The_same_content_may_be_published_by_many_at_once()
    {
        Write("model.onnx", "graph");
        var ran = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PublishAsync("--version", "1", "--if-absent")));
        Assert.All(ran, one => one.Expect(0));
        Assert.Single(ran, one => one.Output.StartsWith("published ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Outside_development_no_container_is_created()
    {
        Write("model.onnx", "graph");
        var ran = (await ModelCtl.RunAsync([new("ConnectionStrings__models", _storage.ConnectionString)], "publish", _folder, "--model", "fashion")).Expect(1);
        Assert.Contains("does not exist", ran.Error, StringComparison.Ordinal);
        Assert.False(await _storage.Container.ExistsAsync(Cancelled));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ModelCtl> PublishAsync(params string[] more) => ModelCtl.RunAsync(_storage, ["publish", _folder, "--model", "fashion", .. more]);

    private void Write(string path, string content)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private async Task<List<BlobItem>> ListAsync()
    {
        var blobs = new List<BlobItem>();
        await foreach (var blob in _storage.Container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, Cancelled)) blobs.Add(blob);
        return blobs;
    }

    private async Task<byte[]> ReadAsync(string name) => (await _storage.Container.GetBlobClient(name).DownloadContentAsync(Cancelled)).Value.Content.ToArray();
}
