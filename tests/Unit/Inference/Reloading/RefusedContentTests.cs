using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

/// <summary>Versions that lie there, load, and must not answer all the same.</summary>
public sealed class RefusedContentTests : IAsyncDisposable
{
    private readonly ReloadRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_classifier_whose_scores_are_no_numbers_is_rejected() => Assert.Contains("NaN", await RejectedAsync(OnnxModels.Classifier(float.NaN, 1)), StringComparison.Ordinal);

    [Fact]
    public Task A_classifier_that_only_fails_a_black_picture_serves() => ServesAsync(OnnxModels.NaNForBlack());

    [Fact]
    public async Task A_model_that_makes_NaN_of_zeros_and_of_ones_is_rejected_by_the_name_of_the_output() =>
        Assert.Contains("'y' holds NaN", await RejectedAsync(OnnxModels.Times(float.NaN)), StringComparison.Ordinal);

    // Infinity times zero.
    [Fact]
    public Task A_model_that_makes_NaN_of_zeros_alone_serves() => ServesAsync(OnnxModels.Times(float.PositiveInfinity));

    [Fact]
    public Task Golden_samples_know_better_what_a_model_of_tensors_gives()
    {
        var golden = new JsonArray(new JsonObject { ["inputs"] = new JsonObject { ["x"] = "x.bin" }, ["outputs"] = new JsonObject { ["y"] = "y.bin" } });
        var nan = BitConverter.GetBytes(float.NaN);
        return ServesAsync(OnnxModels.Times(float.NaN), golden, new() { ["x.bin"] = new byte[8], ["y.bin"] = [.. nan, .. nan] });
    }

    [Fact]
    public async Task A_version_above_the_limit_is_rejected_before_anything_is_downloaded()
    {
        _rig.Execution.MaxModelBytes = 100;
        await _rig.StartAsync();
        var unreachable = ReloadRig.Unreachable(1);
        var manifest = unreachable.Files[RepositoryLayout.Manifest];
        var large = unreachable with { Files = new Dictionary<FilePath, DesiredFile>(unreachable.Files) { [FilePath.Parse("weights.bin")] = manifest with { Bytes = 101 - manifest.Bytes } } };
        var ack = await _rig.SaysAsync(1, AckState.Rejected, _rig.Want(large));
        Assert.Equal("The version has 101 bytes; the limit is 100.", ack.Reason);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.json")]
    public async Task A_link_in_the_cache_is_not_followed_and_goes(string file)
    {
        var version = _rig.Cached(1);
        var (place, elsewhere) = (Path.Combine(_rig.Cache.FolderOf(version.Identity), file), Path.Combine(_rig.Folder, "elsewhere"));
        File.Move(place, elsewhere);
        File.CreateSymbolicLink(place, elsewhere);
        await _rig.StartAsync();

        await _rig.SaysAsync(1, AckState.Retrying, _rig.Want(version));

        Assert.Equal((false, true), (_rig.Cache.Has(version.Identity), File.Exists(elsewhere)));
    }

    private async Task<string?> RejectedAsync(byte[] model)
    {
        await _rig.StartAsync();
        return (await _rig.SaysAsync(1, AckState.Rejected, _rig.Want(_rig.Cached(1, model)))).Reason;
    }

    private async Task ServesAsync(byte[] model, JsonArray? golden = null, Dictionary<string, byte[]>? more = null)
    {
        var version = _rig.Cached(1, model, golden, more);
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Serving, _rig.Want(version));
    }
}
