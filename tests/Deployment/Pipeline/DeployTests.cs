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
        var rendered = Kustomize.Render(RepositoryRoot.Combine("artifacts", "deploy", "local"));
        foreach (var service in (string[])["inference-api", "model-sync"])
            Assert.Equal($"{service}:1.2.3-abc", rendered.Single(found => found.Kind == "Deployment" && found.Name == service).Container["image"]!.ToString());
    }
}
