using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Pipeline;

/// <summary>What <c>./build.sh deploy</c> does before it does anything.</summary>
public sealed class DeployTests
{
    [Theory]
    [InlineData("n", "nothing was changed")]
    [InlineData(null, "--yes goes on without asking")]
    public async Task It_names_the_cluster_and_touches_it_only_if_that_is_confirmed(string? answer, string said)
    {
        using var cluster = new PretendedCluster();
        var (exitCode, output) = await cluster.DeployAsync(answer);
        Assert.Equal(1, exitCode);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Equal(["config current-context"], cluster.Told);
    }

    [Fact]
    public async Task A_local_deployment_runs_the_images_of_its_tag()
    {
        await using var script = ProcessGroup.Start("bash", ["-c", "source eng/deploy.sh && overlay_local 1.2.3-abc"]);
        await script.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, script.ExitCode);
        Assert.Equal(
            ["inference-api:1.2.3-abc", "model-sync:1.2.3-abc"],
            Kustomize.Render(RepositoryRoot.Combine("artifacts", "deploy", "local")).Where(rendered => rendered.Kind == "Deployment" && rendered.Name != "storage").Select(ImageOf).Order());
    }
}
