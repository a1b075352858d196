namespace ModelPlatform.Tests.Deployment.Pipeline;

/// <summary>What a pipeline does to a cluster, and what it takes back.</summary>
public sealed class RollOutTests : IDisposable
{
    private static readonly string[] Forwards = ["diff -k overlay", "apply -k overlay", "rollout status deployment/model-sync", "rollout status deployment/inference-api"];

    private readonly PretendedCluster _cluster = new();

    [Fact]
    public async Task What_works_stays_and_is_of_the_tag_and_the_registry_that_were_said()
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.Equal(0, await _cluster.RollOutAsync(("CHANGES", "inference-api"), ("REGISTRY", "of-the-test.azurecr.io")));

        Assert.Equal(Forwards, _cluster.Told);
        Assert.Contains("\nIMAGE_TAG=1.2.3-abc\n", _cluster.Settings, StringComparison.Ordinal);
        Assert.Contains("\nREGISTRY=of-the-test.azurecr.io\n", _cluster.Settings, StringComparison.Ordinal);
        Assert.Contains("\nHOST=models.example.com\n", _cluster.Settings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_is_never_ready_is_taken_back()
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.Equal(1, await _cluster.RollOutAsync(("CHANGES", "inference-api"), ("HANGS", "inference-api")));

        Assert.Equal([.. Forwards, "rollout undo deployment/inference-api --to-revision 7", "rollout status deployment/inference-api"], _cluster.Told);
    }

    [Fact]
    public async Task So_is_everything_that_changed_when_the_look_at_it_fails()
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.Equal(1, await _cluster.RollOutAsync(("CHANGES", "inference-api model-sync"), ("LOOK", "1")));

        Assert.Equal(["rollout undo deployment/model-sync --to-revision 3", "rollout undo deployment/inference-api --to-revision 7"], _cluster.Told.Where(call => call.Contains(" undo ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_first_installation_has_nothing_to_go_back_to()
    {
        Assert.Equal(1, await _cluster.RollOutAsync(("CHANGES", "inference-api model-sync"), ("LOOK", "1")));

        Assert.Equal(Forwards, _cluster.Told);
    }

    [Fact]
    public async Task Nothing_is_applied_where_the_cluster_cannot_be_compared()
    {
        Assert.NotEqual(0, await _cluster.RollOutAsync(("DIFF", "2")));

        Assert.Equal(["diff -k overlay"], _cluster.Told);
    }

    public void Dispose() => _cluster.Dispose();
}
