using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Classification;

public sealed class ClassifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("classifier-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<byte[]> OfPictures => [OnnxModels.Classifier(1, 2), OnnxModels.Means(-1, 3, 64, 64), OnnxModels.Means(1, 1, 28, 28), OnnxModels.PooledMeans(-1, 3, 64, 64)];

    // One FP32 input of rank 4 each, and none of them a picture, or none a classifier.
    public static TheoryData<byte[]> OfOthers =>
    [
        OnnxModels.Means(-1, 8, 16, 16), OnnxModels.Means(8, 3, 16, 16), OnnxModels.Means(-1, 1, 128, 8000), OnnxModels.Means(-1, 3, 0, 16),
        OnnxModels.Negative(-1, 3, 16, 16), OnnxModels.Negative(-1, 8, 16, 16),
    ];

    [Theory]
    [MemberData(nameof(OfPictures))]
    public void What_looks_like_a_classifier_of_pictures_is_one_without_a_word(byte[] model) => Assert.NotNull(Of(new ModelManifest(), model));

    [Theory]
    [MemberData(nameof(OfOthers))]
    public void Any_other_graph_is_a_model_of_tensors(byte[] model) => Assert.Null(Of(new ModelManifest(), model));

    [Fact]
    public void What_is_said_to_be_a_classifier_and_cannot_be_is_refused()
    {
        Assert.Throws<UnfitModelException>(() => Of(new ModelManifest { Task = ModelManifest.ImageClassification }, OnnxModels.Means(-1, 8, 16, 16)));
        Assert.Throws<UnfitModelException>(() => Of(new ModelManifest { Preprocess = new PreprocessPlan() }, OnnxModels.Means(8, 3, 16, 16)));
        Assert.Throws<UnfitModelException>(() => Of(new ModelManifest { Task = ModelManifest.ImageClassification }, OnnxModels.Times(2)));
    }

    private Classifier? Of(ModelManifest manifest, byte[] model)
    {
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model);
        using var session = OnnxSession.Load(path, new SessionSetup(1));
        return Classifier.For(manifest, session, new OnnxSummary(EndsInSoftmax: false, HasExternalData: false), labels: null);
    }
}
