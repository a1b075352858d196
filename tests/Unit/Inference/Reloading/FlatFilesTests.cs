using System.Text;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class FlatFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flat-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_graph_and_its_labels_are_found_by_their_names()
    {
        var verified = VersionFiles.Verify(_folder, Stored(("m.onnx", "graph"), ("m.labels.txt", "one")));
        Assert.Equal(("m.onnx", "m.labels.txt", true), (verified.ModelFile.ToString(), verified.Manifest.Labels!.ToString(), verified.IsFlat));
        Assert.Equal(["m.labels.txt", "m.onnx"], verified.Files.Order().Select(path => path.ToString()));
        Assert.Null(VersionFiles.Verify(_folder, Stored(("n.onnx", "graph"))).Manifest.Labels);
    }

    [Fact]
    public void A_file_of_another_size_is_refused()
    {
        var version = Stored(("m.onnx", "graph"));
        File.AppendAllText(Path.Combine(_folder, "m.onnx"), "!");
        Assert.Equal("'m.onnx' has 6 bytes; the desired state says 5.", Refused(version));
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        var version = Stored(("m.onnx", "graph"));
        File.Delete(Path.Combine(_folder, "m.onnx"));
        Assert.Equal("'m.onnx' is listed in the desired state and missing.", Refused(version));
    }

    [Fact]
    public void A_digest_counts_where_it_is_known()
    {
        var version = Stored(("m.onnx", "graph"));
        VersionFiles.Verify(_folder, With(Sha256Digest.Of("graph"u8)));
        Assert.Contains("digest", Refused(With(Sha256Digest.Of("other"u8))), StringComparison.Ordinal);

        DesiredVersion With(Sha256Digest digest) => version with { Files = version.Files.ToDictionary(file => file.Key, file => file.Value with { Sha256 = digest }) };
    }

    [Fact]
    public void Without_exactly_one_graph_there_is_no_model()
    {
        Assert.Equal("A model in the flat form has one '.onnx' file; here are 0.", Refused(Stored(("synset.txt", "one"))));
        Assert.Equal("A model in the flat form has one '.onnx' file; here are 2.", Refused(Stored(("a.onnx", "one"), ("b.onnx", "two"))));
    }

    [Fact]
    public void In_a_folder_of_its_own_a_version_still_needs_its_model_json() =>
        Assert.Equal("model.json is missing.", Refused(Stored(("model.onnx", "graph")) with { Path = "m/1/" }));

    private string Refused(DesiredVersion version) => Assert.Throws<UnfitModelException>(() => VersionFiles.Verify(_folder, version)).Message;

    private DesiredVersion Stored(params (string Name, string Content)[] files)
    {
        foreach (var (name, content) in files) File.WriteAllText(Path.Combine(_folder, name), content);
        return new DesiredVersion(new ModelVersion(1), Identity.OfBlobs(files.Select(file => (file.Name, "1"))), "",
            files.ToDictionary(file => FilePath.Parse(file.Name), file => new DesiredFile("1", Encoding.UTF8.GetByteCount(file.Content))));
    }
}
