using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Inference.Execution;

namespace ModelPlatform.Tests.Unit.Inference.Execution;

public sealed class ExecutionProvidersTests
{
    private static readonly string[] Offered = ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"];

    [Theory]
    [InlineData("CPU", "CPU")]
    [InlineData("TensorRT, cuda", "Tensorrt,CUDA")]
    [InlineData("CUDA,CPU", "CUDA,CPU")]
    public void Their_order_is_kept_and_their_case_is_not_looked_at(string names, string understood) =>
        Assert.Equal(understood, ExecutionProviders.TryParse(names, Offered, out _)?.ToString());

    [Theory]
    [InlineData("OpenVINO", "This build of ONNX Runtime does not offer 'OpenVINO'; it offers Tensorrt, CUDA, CPU.")]
    [InlineData("CPU, gpu", "This build of ONNX Runtime does not offer 'gpu'; it offers Tensorrt, CUDA, CPU.")]
    [InlineData(" , ", "It must name at least one.")]
    public void What_is_not_there_is_named_with_what_there_is(string names, string problem)
    {
        Assert.Null(ExecutionProviders.TryParse(names, Offered, out var told));
        Assert.Equal(problem, told);
    }

    [Fact]
    public void The_setting_is_checked_against_the_library_that_is_there()
    {
        var checks = new OfferedProviders();
        Assert.True(checks.Validate(null, new ExecutionOptions { Providers = "cpu" }).Succeeded);

        var refused = checks.Validate(null, new ExecutionOptions { Providers = "Abacus" });
        Assert.StartsWith("Execution:Providers: This build of ONNX Runtime does not offer 'Abacus'; it offers ", refused.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("CPU", refused.FailureMessage, StringComparison.Ordinal);
    }

    // Whatever names the runtime may use: a provider that is offered here and cannot be taken must not end in a strange exception.
    [Fact]
    public void Every_provider_of_this_library_is_taken_or_refused_with_a_reason()
    {
        foreach (var name in OrtEnv.Instance().GetAvailableProviders().Select(name => name.Replace("ExecutionProvider", "", StringComparison.Ordinal)))
        {
            var result = new OfferedProviders().Validate(null, new ExecutionOptions { Providers = name });
            Assert.True(result.Succeeded || result.FailureMessage!.Contains("cannot be used on this machine", StringComparison.Ordinal), result.FailureMessage);
        }
    }
}
