using ModelPlatform.Inference;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

public sealed class RowIndependenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Rows_that_are_answered_one_by_one_go_together()
    {
        Assert.Null(ObjectionTo(OnnxModels.Times(3)));
        Assert.Null(ObjectionTo(OnnxModels.Classifier(1, 2, 3)));
        Assert.Null(ObjectionTo(File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "2", "model.onnx"))));
    }

    // Of all of these the first axis is free.
    [Fact]
    public void Rows_that_influence_each_other_do_not()
    {
        Assert.Contains("'y' for a row depends on the rows beside it", ObjectionTo(OnnxModels.RunningSum()), StringComparison.Ordinal);
        Assert.Contains("'y' for a row depends on the rows beside it", ObjectionTo(OnnxModels.SoftmaxOverRows()), StringComparison.Ordinal);
        Assert.NotNull(ObjectionTo(OnnxModels.Places()));
    }

    [Fact]
    public void A_row_that_the_model_does_not_take_proves_nothing() =>
        Assert.Null(RowIndependence.ObjectionTo([new TensorSpec("x", Datatype.Fp32, [-1])], spec => spec.Smallest(), (_, _, out _, _) => throw new InferenceFault(FaultKind.InvalidInput, "no"), CancellationToken.None));

    private string? ObjectionTo(byte[] model)
    {
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model);
        using var session = OnnxSession.Load(path, new SessionSetup(1));
        Assert.True(BatchWindow.IsPossible(session.Inputs, session.Outputs));
        return RowIndependence.ObjectionTo(session.Inputs, spec => spec.Smallest(), session.Run, CancellationToken.None);
    }
}
