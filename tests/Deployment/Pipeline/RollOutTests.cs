namespace ModelPlatform.Tests.Deployment.Pipeline;

/// <summary>What a pipeline does to a cluster, and what it takes back.</summary>
public sealed class RollOutTests : IDisposable
{
    private static readonly string[] Forwards = ["diff -k overlay", "apply -k overlay", "rollout status deployment/inference-api"];

    private readonly PretendedCluster _cluster = new();

    [Fact]
    public async Task What_works_stays_and_is_of_the_tag_and_the_registry_that_were_said()
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.Equal(0, await _cluster.RollOutAsync(("CHANGES", "inference-api"), ("REGISTRY", "of-the-test.azurecr.io")));

        Assert.Equal(Forwards, _cluster.Told);
        Assert.Equal(1, _cluster.Looks);
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
    public async Task So_is_one_of_which_no_instance_leads()
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.Equal(1, await _cluster.RollOutAsync(("CHANGES", "model-sync"), ("HANGS", "model-sync")));

        Assert.Equal(["diff -k overlay", "apply -k overlay", "rollout undo deployment/model-sync --to-revision 3"], _cluster.Told);
    }

    // generation|observed|wanted|pods|new|ready
    [Theory]
    [InlineData("4|4|2|2|2|1", 0)]          // the standby is never ready
    [InlineData("4|4|2|2|2|2", 0)]
    [InlineData("4|3|2|2|2|1", 1)]          // what is told is of the template before
    [InlineData("4|4|2|4|2|1", 1)]          // old ones are there, and it may be one of them that leads
    [InlineData("4|4|2|2|1|1", 1)]
    [InlineData("4|4|2|2||1", 1)]
    [InlineData("4|4|2|2|2|", 1)]           // nobody leads
    [InlineData("", 1)]
    public async Task ModelSync_is_rolled_out_when_all_pods_are_new_and_one_leads(string told, int exitCode)
    {
        Assert.Equal(exitCode, await _cluster.RollOutAsync(("LED", told == "" ? " " : told)));
        Assert.True(exitCode == 0 ? _cluster.Looks == 1 : _cluster.Looks > 1, $"{_cluster.Looks}");
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
        Assert.Contains("there is nothing to go back to", _cluster.Said, StringComparison.Ordinal);
    }

    // What fails, what of kubectl's is told then, and what the user reads.
    [Theory]
    [InlineData("FAILS", "get", "", "nothing was changed")]
    [InlineData("DIFF", "2", "diff -k overlay", "nothing was changed")]
    [InlineData("FAILS", "apply", "diff -k overlay|apply -k overlay|rollout undo deployment/inference-api --to-revision 7|rollout status deployment/inference-api", "not everything could be applied")]
    [InlineData("HANGS", "inference-api", "diff -k overlay|apply -k overlay|rollout status deployment/inference-api|rollout undo deployment/inference-api --to-revision 7|rollout status deployment/inference-api", "deployment/inference-api does not come up")]
    [InlineData("FAILS", "forward", "diff -k overlay|apply -k overlay|rollout status deployment/inference-api|rollout undo deployment/inference-api --to-revision 7|rollout status deployment/inference-api", "port-forward service/inference-api does not come up")]
    [InlineData("LOOK", "1", "diff -k overlay|apply -k overlay|rollout status deployment/inference-api|rollout undo deployment/inference-api --to-revision 7|rollout status deployment/inference-api", "the look at it failed")]
    public async Task Whatever_fails_is_told_and_taken_back_as_far_as_it_went(string what, string value, string told, string said)
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.NotEqual(0, await _cluster.RollOutAsync(("CHANGES", "inference-api"), (what, value)));

        Assert.Equal(told, string.Join('|', _cluster.Told));
        Assert.Contains(said, _cluster.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_taken_back_does_not_keep_the_other_from_it()
    {
        _cluster.Runs("inference-api", 7);
        _cluster.Runs("model-sync", 3);

        Assert.Equal(1, await _cluster.RollOutAsync(("CHANGES", "inference-api model-sync"), ("LOOK", "1"), ("STUCK", "model-sync")));

        Assert.Contains("rollout undo deployment/inference-api --to-revision 7", _cluster.Told);
        Assert.Contains("going back did not work either", _cluster.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_look_is_at_the_cluster_and_not_at_what_else_has_the_usual_ports()
    {
        Assert.Equal(0, await _cluster.RollOutAsync());
        Assert.Contains("looked smoke http://localhost:41001 --grpc http://localhost:41002", _cluster.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REGISTRY", "example.azurecr.io")]
    [InlineData("INFERENCE_API_CLIENT_ID", "00000000-0000-0000-0000-000000000001")]
    [InlineData("ConnectionStrings__models", "Endpoint=https://example.blob.core.windows.net/;ContainerName=models")]
    public async Task Nothing_is_deployed_with_the_settings_of_the_example(string name, string value)
    {
        Assert.Equal(1, await _cluster.RollOutAsync((name, value)));
        Assert.Empty(_cluster.Told);
        Assert.Contains($"{name}={value}", _cluster.Said, StringComparison.Ordinal);
        Assert.Contains("eng/deploy/connect", _cluster.Said, StringComparison.Ordinal);
    }

    public void Dispose() => _cluster.Dispose();
}
