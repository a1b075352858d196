using ModelPlatform.Cli;
using ModelPlatform.Cli.Publishing;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Cli;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("folder-").FullName;
    private readonly ModelFolder _folder;

    public ModelFolderTests() => _folder = new ModelFolder(_root);

    [Fact]
    public void Files_are_listed_by_their_path_below_the_folder_and_hidden_ones_are_not()
    {
        Write("model.onnx", "model");
        Write("golden/a/x.png", "x");
        Write(".git/HEAD", "hidden");
        Write("golden/.DS_Store", "hidden");
        Assert.Equal([new("golden/a/x.png", 1), new("model.onnx", 5)], _folder.List());
        Assert.Null(_folder.ReadDraft());
    }

    [Fact]
    public void A_link_counts_as_what_it_leads_to()
    {
        Write(".store/blob", "weights");
        File.CreateSymbolicLink(Path.Combine(_root, "model.onnx"), Path.Combine(".store", "blob"));
        Assert.Equal([new("model.onnx", 7)], _folder.List());
    }

    [Fact]
    public async Task A_file_is_hashed_as_it_is()
    {
        Write("model.onnx", "abc");
        var file = new PlannedFile(RepositoryLayout.ModelFile, 3);
        var hashed = await _folder.HashAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hashed.Digest.ToString());
        _folder.RequireUnchanged(hashed);
    }

    [Fact]
    public async Task A_file_that_changes_meanwhile_stops_the_publish()
    {
        Write("model.onnx", "abc");
        var file = new PlannedFile(RepositoryLayout.ModelFile, 3);
        var hashed = await _folder.HashAsync(file, TestContext.Current.CancellationToken);

        Write("model.onnx", "abd");
        File.SetLastWriteTimeUtc(Path.Combine(_root, "model.onnx"), hashed.Written.AddSeconds(1));
        Assert.Equal("model.onnx was changed while it was being published; nothing was committed.", Assert.Throws<CommandFailure>(() => _folder.RequireUnchanged(hashed)).Message);

        Write("model.onnx", "longer");
        await Assert.ThrowsAsync<CommandFailure>(() => _folder.HashAsync(file, TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string content)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}
