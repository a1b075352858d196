using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Integration;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class OptimizedGraphsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("graphs-").FullName;
    private readonly CacheOptions _options;
    private readonly CollectedLogs _logs = new();

    public OptimizedGraphsTests() => _options = new CacheOptions { Directory = _root };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_kept_graph_answers_as_its_original_does()
    {
        var version = Version(1, File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "2", "model.onnx")));
        var picture = Tensor.Zeros("image", Datatype.Fp32, [2, 1, 28, 28]);
        for (var i = 0; i < picture.Elements<float>().Length; i++) picture.Elements<float>()[i] = i * 7 % 255 / 255f;

        var (first, second) = (Answer(), Answer());

        Assert.Single(Kept(version));
        Assert.Equal(first.Data, second.Data);
        Assert.Empty(_logs.Texts);

        Tensor Answer()
        {
            using var session = Graphs().Load(version, new SessionSetup(1));
            return session.Run([picture], CancellationToken.None)[0];
        }
    }

    [Fact]
    public void The_next_load_takes_it()
    {
        var (three, five) = (Version(3, OnnxModels.Times(3)), Version(5, OnnxModels.Times(5)));
        Assert.Equal((3, 5), (FactorOf(three), FactorOf(five)));

        // Nobody does this: it only shows which of the two files is loaded.
        var kept = Assert.Single(Kept(five));
        File.Delete(Assert.Single(Kept(three)));
        File.Move(kept, Path.Combine(three.Folder, Path.GetFileName(kept)));

        Assert.Equal(5, FactorOf(three));
    }

    [Fact]
    public void A_damaged_one_is_made_anew()
    {
        var version = Version(3, OnnxModels.Times(3));
        FactorOf(version);
        var kept = Assert.Single(Kept(version));
        var content = File.ReadAllBytes(kept);
        File.WriteAllBytes(kept, [.. content[..^1], (byte)~content[^1]]);

        Assert.Equal(3, FactorOf(version));

        Assert.Equal(content, File.ReadAllBytes(Assert.Single(Kept(version))));
        Assert.Contains("It is damaged.", Assert.Single(_logs.Texts), StringComparison.Ordinal);
        Assert.Equal(3, FactorOf(version));
        Assert.Single(_logs.Texts);
    }

    [Theory]
    [InlineData("an operator of a stranger")]
    [InlineData("external data")]
    [InlineData("nonsense")]
    public void One_that_somebody_else_put_there_is_vetted_like_any_model(string content)
    {
        var version = Version(3, OnnxModels.Times(3));
        FactorOf(version);
        var kept = Assert.Single(Kept(version));
        File.WriteAllBytes(kept, content switch
        {
            "external data" => OnnxModels.WithExternalData("../other/weights.bin"),
            "nonsense" => [1, 2, 3],
            _ => OnnxModels.WithOperatorOf("evil"),
        });
        var prefix = Path.GetFileName(kept).Split('-')[..2];
        File.Move(kept, Path.Combine(version.Folder, $"{string.Join('-', prefix)}-{new FileInfo(kept).Length}-{FileChecksum.Of(kept):x8}.onnx"));

        Assert.Equal(3, FactorOf(version));

        Assert.Contains("cannot be used", Assert.Single(_logs.Texts), StringComparison.Ordinal);
        Assert.Equal(3, FactorOf(version));
        Assert.Single(_logs.Texts);
    }

    [Fact]
    public void Of_another_machine_it_is_left_alone()
    {
        var version = Version(3, OnnxModels.Times(3));
        var foreign = Path.Combine(version.Folder, "~optimized-0123456789abcdef-1-00000000.onnx");
        File.WriteAllBytes(foreign, [1]);

        Assert.Equal(3, FactorOf(version));

        Assert.True(File.Exists(foreign));
        Assert.Equal(2, Kept(version).Length);
        Assert.Empty(_logs.Texts);
    }

    [Fact]
    public void Replicas_that_share_the_folder_come_to_one()
    {
        var version = Version(3, OnnxModels.Times(3));
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(3, FactorOf(version)));
        Assert.Single(Kept(version));
        Assert.Equal(version.Folder, Assert.Single(Directory.GetDirectories(_root)));
    }

    [Fact]
    public void A_model_with_external_data_has_none()
    {
        var version = Version(1, OnnxModels.WithExternalData("weights.bin"), ("weights.bin", BitConverter.GetBytes(7f)));
        Assert.Equal(7, FactorOf(version));
        Assert.Empty(Kept(version));
    }

    [Fact]
    public void Without_the_setting_there_is_none()
    {
        _options.KeepOptimized = false;
        var version = Version(3, OnnxModels.Times(3));
        Assert.Equal(3, FactorOf(version));
        Assert.Empty(Kept(version));
    }

    [Fact]
    public void A_model_that_is_wrong_stays_wrong()
    {
        var version = Version(1, OnnxModels.Model(new ProtobufWriter().Message(1, OnnxModels.Node("Unheard", ["x"], ["y"])).Text(2, "wrong")));
        Assert.Throws<UnfitModelException>(() => Graphs().Load(version, new SessionSetup(1)));
        Assert.Equal(version.Folder, Assert.Single(Directory.GetDirectories(_root)));
    }

    [Fact]
    public void Where_nothing_can_be_written_models_are_loaded_all_the_same()
    {
        var version = Version(3, OnnxModels.Times(3));
        _options.Directory = Path.Combine(version.Folder, "model.onnx");   // a file, where a folder is expected
        Assert.Equal(3, FactorOf(version));
        Assert.Contains("cannot be kept", Assert.Single(_logs.Texts), StringComparison.Ordinal);
    }

    private OptimizedGraphs Graphs() => new(new VersionCache(Options.Create(_options)), Options.Create(_options), _logs.LoggerOf<OptimizedGraphs>());

    private float FactorOf(PreparedVersion version)
    {
        using var session = Graphs().Load(version, new SessionSetup(1));
        return session.Run([Tensor.Zeros("x", Datatype.Fp32, [1, 2]).Ones()], CancellationToken.None)[0].Elements<float>()[0];
    }

    private static string[] Kept(PreparedVersion version) => Directory.GetFiles(version.Folder, "~optimized-*");

    private PreparedVersion Version(int number, byte[] model, params (string Name, byte[] Content)[] more)
    {
        var identity = Identity.OfManifest([(byte)number]);
        var folder = Directory.CreateDirectory(Path.Combine(_root, identity.Digest.ToString())).FullName;
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), model);
        foreach (var (name, content) in more) File.WriteAllBytes(Path.Combine(folder, name), content);
        var files = more.Select(file => FilePath.Parse(file.Name)).Append(RepositoryLayout.ModelFile).ToHashSet();
        var verified = new VerifiedVersion(new ModelManifest(), RepositoryLayout.ModelFile, files, IsFlat: false);
        var summary = OnnxFile.Vet(Path.Combine(folder, "model.onnx"), files);
        return new PreparedVersion(new ModelId(ModelName.Parse("m"), new ModelVersion(number)), identity, verified, summary, folder);
    }
}
