using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class BlobPlaceTests
{
    [Theory]
    [InlineData("fashion/2/model.onnx", "fashion", 2, "model.onnx")]
    [InlineData("fashion/2/model.json", "fashion", 2, "model.json")]
    [InlineData("fashion/2/serving.json", "fashion", 2, "serving.json")]
    [InlineData("fashion/10/golden/sneaker.png", "fashion", 10, "golden/sneaker.png")]
    [InlineData("a/9223372036854775807/1/2/3", "a", long.MaxValue, "1/2/3")]
    public void A_file_below_a_model_and_a_version_belongs_to_that_version(string blob, string model, long version, string file)
    {
        var id = new ModelId(ModelName.Parse(model), new ModelVersion(version));
        Assert.Equal(new BlobPlace.VersionFile(id, FilePath.Parse(file)), BlobPlace.Of(blob));
        Assert.Equal(blob, RepositoryLayout.BlobOf(id, FilePath.Parse(file)));
    }

    [Fact]
    public void A_policy_lies_beside_the_versions() => Assert.Equal(new BlobPlace.Serving(ModelName.Parse("fashion")), BlobPlace.Of("fashion/serving.json"));

    [Theory]
    [InlineData("fashion.onnx", "fashion")]
    [InlineData("squeezenet1.0-dc.onnx", "squeezenet1.0-dc")]
    [InlineData("a.labels.onnx", "a.labels")]
    public void A_graph_at_the_root_is_a_model(string blob, string model) => Assert.Equal(new BlobPlace.FlatModel(ModelName.Parse(model)), BlobPlace.Of(blob));

    [Fact]
    public void Labels_and_a_policy_at_the_root_are_of_one_model_and_the_synset_is_of_all()
    {
        Assert.Equal(new BlobPlace.FlatLabels(ModelName.Parse("fashion")), BlobPlace.Of("fashion.labels.txt"));
        Assert.Equal(new BlobPlace.FlatServing(ModelName.Parse("fashion")), BlobPlace.Of("fashion.serving.json"));
        Assert.Equal(new BlobPlace.SharedLabels(), BlobPlace.Of("synset.txt"));
    }

    [Theory]
    [InlineData(RepositoryLayout.DesiredState)]
    [InlineData(".platform/leader")]
    [InlineData(".platform/")]
    [InlineData(".platform/a/b")]
    public void Bookkeeping_is_the_platforms_own(string blob) => Assert.IsType<BlobPlace.Platform>(BlobPlace.Of(blob));

    [Theory]
    [InlineData("", "'' lies in no model's folder.")]
    [InlineData("fashion", "'fashion' lies in no model's folder.")]
    [InlineData("fashion.ONNX", "'fashion.ONNX' lies in no model's folder.")]
    [InlineData("serving.json", "'serving.json' lies in no model's folder.")]
    [InlineData("fashion.Serving.json", "'fashion.Serving.json' lies in no model's folder.")]
    [InlineData("labels.txt", "'labels.txt' lies in no model's folder.")]
    [InlineData("synset.txt.bak", "'synset.txt.bak' lies in no model's folder.")]
    [InlineData(".onnx", "'' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData(".labels.txt", "'' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData(".serving.json", "'' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("..onnx", "'.' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("%2e.onnx", "'%2e' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("a\0.onnx", "'a\\u0000' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("nul.onnx", "'nul.onnx' is a file name that is not allowed.")]
    [InlineData("aux.serving.json", "'aux.serving.json' is a file name that is not allowed.")]
    [InlineData("con.labels.txt", "'con.labels.txt' is a file name that is not allowed.")]
    [InlineData("/2/model.onnx", "'' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("../2/model.onnx", "'..' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData(".platform", "'.platform' lies in no model's folder.")]
    [InlineData(".Platform/leader", "'.Platform' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    [InlineData("fashion/", "'fashion/' lies in no version's folder of 'fashion' (a positive integer without leading zeros).")]
    [InlineData("fashion/2", "'fashion/2' lies in no version's folder of 'fashion' (a positive integer without leading zeros).")]
    [InlineData("fashion/02/model.onnx", "'fashion/02/model.onnx' lies in no version's folder of 'fashion' (a positive integer without leading zeros).")]
    [InlineData("fashion/v2/model.onnx", "'fashion/v2/model.onnx' lies in no version's folder of 'fashion' (a positive integer without leading zeros).")]
    [InlineData("fashion/Serving.json", "'fashion/Serving.json' lies in no version's folder of 'fashion' (a positive integer without leading zeros).")]
    [InlineData("fashion/2/", "'fashion/2/' has a file name that is not allowed in a version's folder.")]
    [InlineData("fashion/2//model.onnx", "'fashion/2//model.onnx' has a file name that is not allowed in a version's folder.")]
    [InlineData("fashion/2/../../a", "'fashion/2/../../a' has a file name that is not allowed in a version's folder.")]
    [InlineData("fashion/2/a\0b", "'fashion/2/a\\u0000b' has a file name that is not allowed in a version's folder.")]
    public void Everything_else_is_foreign_and_the_reason_is_said(string blob, string reason) => Assert.Equal(new BlobPlace.Foreign(reason), BlobPlace.Of(blob));

    [Fact]
    public void A_version_folder_ends_in_a_slash() =>
        Assert.Equal("fashion/2/", RepositoryLayout.FolderOf(new ModelId(ModelName.Parse("fashion"), new ModelVersion(2))));
}
