using ModelPlatform.Inference;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Execution;

public sealed class OnnxSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("a session ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_computes()
    {
        using var session = Load(OnnxModels.Times(3));
        var input = Tensor.Zeros("x", Datatype.Fp32, [2, 2]);
        ((float[])[1, 2, 3, 4]).CopyTo(input.Elements<float>());

        var output = Assert.Single(session.Run([input], CancellationToken.None));

        Assert.Equal("y", output.Name);
        Assert.Equal([2, 2], output.Shape);
        Assert.Equal([3, 6, 9, 12], output.Elements<float>().ToArray());
    }

    // Shapes that only a client chooses: whatever the runtime makes of them, the process must live.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_batch_of_none_or_some_is_run(int rows)
    {
        using var session = OnnxSession.Load(RepositoryRoot.Combine("samples", "fashion", "2", "model.onnx"), new SessionSetup(1));
        var output = session.Run([Tensor.Zeros(session.Inputs[0].Name, Datatype.Fp32, [rows, 1, 28, 28])], CancellationToken.None)[0];
        Assert.Equal([rows, 10], output.Shape);
    }

    // Large enough that the session gives back what it took for the run, while another run goes on.
    [Fact]
    public void Large_runs_and_small_ones_of_one_session_do_not_disturb_each_other()
    {
        using var session = Load(OnnxModels.Times(3));
        Parallel.For(0, 40, run =>
        {
            var rows = run % 2 == 0 ? 500_000 : 1;
            var input = Tensor.Zeros("x", Datatype.Fp32, [rows, 2]);
            input.Elements<float>().Fill(run);
            var output = session.Run([input], [rows], out _, CancellationToken.None)[0][0];
            Assert.Equal(2 * rows, output.Elements<float>().Length);
            Assert.False(output.Elements<float>().ContainsAnyExcept(3f * run));
        });
    }

    [Fact]
    public void Texts_go_in_and_out_byte_for_byte()
    {
        using var same = Load(OnnxModels.Same(OnnxModels.String));
        Assert.Equal(Datatype.Bytes, Assert.Single(same.Inputs).Datatype);
        byte[] data = [3, 0, 0, 0, 0xFF, 0x00, 0x41, 0, 0, 0, 0];
        Assert.Equal(data, Assert.Single(same.Run([new Tensor("x", Datatype.Bytes, [1, 2], data)], CancellationToken.None)).Data);
        Assert.Equal([0, 2], same.Run([new Tensor("x", Datatype.Bytes, [0, 2], [])], CancellationToken.None)[0].Shape);
    }

    [Fact]
    public void Texts_of_several_calls_are_computed_together_and_given_to_each()
    {
        using var greeting = Load(OnnxModels.Greeting());
        Assert.Null(RowIndependence.ObjectionTo(greeting.Inputs, spec => spec.Smallest(), greeting.Run, CancellationToken.None));
        var outputs = greeting.Run([TextElements.ToTensor("x", [3, 2], ["a", "", "ü", "d", "e", "f"])], [1, 2], out _, CancellationToken.None);
        Assert.Equal(TextElements.ToTensor("y", [1, 2], ["hello a", "hello "]).Data, outputs[0][0].Data);
        Assert.Equal(TextElements.ToTensor("y", [2, 2], ["hello ü", "hello d", "hello e", "hello f"]).Data, outputs[1][0].Data);
    }

    [Fact]
    public void A_run_ends_when_its_request_does()
    {
        using var session = Load(OnnxModels.Spin());
        var rounds = Tensor.Zeros("rounds", Datatype.Int64, [1]);
        rounds.Elements<long>()[0] = long.MaxValue;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.Throws<OperationCanceledException>(() => session.Run([rounds], deadline.Token));

        rounds.Elements<long>()[0] = 3;
        Assert.Equal(3, session.Run([rounds], CancellationToken.None)[0].Elements<long>()[0]);
    }

    [Fact]
    public void Inputs_and_outputs_are_told_with_free_dimensions()
    {
        using var session = Load(OnnxModels.Classifier(1, 2, 3));
        Assert.Equal("image", Assert.Single(session.Inputs).Name);
        Assert.Equal([-1, 1, 2, 2], session.Inputs[0].Shape);
        Assert.Equal([-1, 3], Assert.Single(session.Outputs).Shape);
    }

    [Fact]
    public void What_the_runtime_refuses_is_unfit_and_its_path_is_not_told()
    {
        var whole = OnnxModels.Classifier(1, 2, 3);
        var refusal = Assert.Throws<UnfitModelException>(() => Load(whole[..(whole.Length / 2)]));
        Assert.DoesNotContain(_folder, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_is_told_without_the_place_in_the_runtimes_source()
    {
        var refusal = Assert.Throws<UnfitModelException>(() => Load(OnnxModels.Times(2, opset: 99)));
        Assert.Contains("Opset 99", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("onnxruntime_src", refusal.Message, StringComparison.Ordinal);
    }

    // More than any machine holds: another time, or elsewhere, there may be enough.
    [Fact]
    public void Want_of_memory_is_no_verdict_on_the_content()
    {
        using var session = Load(OnnxModels.Hungry());
        var fault = Assert.Throws<InferenceFault>(() => session.Run([Tensor.Zeros("x", Datatype.Fp32, [1, 2])], CancellationToken.None));
        Assert.Equal(FaultKind.Overloaded, fault.Kind);
    }

    [Fact]
    public void A_file_that_is_gone_is_no_verdict_on_its_content() =>
        Assert.Throws<IOException>(() => OnnxSession.Load(Path.Combine(_folder, "gone.onnx"), new SessionSetup(1)));

    [Fact]
    public void Inputs_that_no_request_could_hold_are_unfit()
    {
        var refusal = Assert.Throws<UnfitModelException>(() => Load(OnnxModels.Times(1, width: int.MaxValue)));
        Assert.Contains("larger", refusal.Message, StringComparison.Ordinal);
    }

    private OnnxSession Load(byte[] model)
    {
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model);
        return OnnxSession.Load(path, new SessionSetup(1));
    }
}
