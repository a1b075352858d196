using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>The look at a deployment, after which a pipeline keeps it or takes it back.</summary>
public sealed class SmokeTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    private static readonly string Images = RepositoryRoot.Combine("samples", "fashion", "images");

    [Fact]
    public async Task A_platform_that_works_passes_in_every_point()
    {
        var (code, output) = await platform.ShellAsync($"./build.sh smoke {platform.Api} --grpc {platform.Grpc}");

        Assert.True(code == 0, output);
        Assert.Contains("ok      readiness: Healthy", output, StringComparison.Ordinal);
        Assert.Contains("ok      version: ONNX Runtime 1.", output, StringComparison.Ordinal);
        Assert.Contains("ok      sneaker.png: Sneaker", output, StringComparison.Ordinal);
        Assert.Contains("ok      POST /score: 8 pictures", output, StringComparison.Ordinal);
        Assert.Contains("ok      gRPC: serving, fashion ready", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_work_is_named_and_fails_the_look()
    {
        // Another label, another model, and REST where gRPC should be.
        var label = await platform.ShellAsync($"./modelctl smoke {platform.Api} --model fashion {Images}/sneaker.png=Bag");
        Assert.True(label.ExitCode == 1, label.Output);
        Assert.Contains("FAILED  sneaker.png: Sneaker came first instead of Bag.", label.Output, StringComparison.Ordinal);
        Assert.Contains("FAILED  POST /score: Sneaker came first instead of Bag.", label.Output, StringComparison.Ordinal);
        Assert.Contains("2 of 4 checks failed.", label.Output, StringComparison.Ordinal);

        var model = await platform.ShellAsync($"./modelctl smoke {platform.Api} --model nope {Images}/sneaker.png --grpc {platform.Api}");
        Assert.True(model.ExitCode == 1, model.Output);
        Assert.Contains("FAILED  readiness: ", model.Output, StringComparison.Ordinal);
        Assert.Contains("FAILED  gRPC: ", model.Output, StringComparison.Ordinal);
        Assert.Contains("3 of 5 checks failed.", model.Output, StringComparison.Ordinal);
    }
}
