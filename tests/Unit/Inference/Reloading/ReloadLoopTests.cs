using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class ReloadLoopTests : IAsyncDisposable
{
    private readonly ReloadRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task It_ends_at_once_when_it_is_stopped_in_the_middle_of_a_download()
    {
        var generation = _rig.Want(ReloadRig.Unreachable(1));
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Loading, generation);

        await _rig.StopAsync(TimeSpan.FromSeconds(5));
        Assert.False(_rig.Running!.IsFaulted);
    }

    [Fact]
    public async Task A_download_is_abandoned_when_a_newer_document_does_not_want_it()
    {
        var generation = _rig.Want(ReloadRig.Unreachable(1));
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Loading, generation);

        generation = _rig.Want(_rig.Cached(2));

        await _rig.SaysAsync(2, AckState.Serving, generation);
        Assert.Equal(AckState.Unloaded, _rig.Said(1)!.State);
    }

    [Fact]
    public async Task What_is_served_already_is_said_of_the_newer_generation_too()
    {
        var first = _rig.Cached(1);
        await _rig.StartAsync();
        var told = await _rig.SaysAsync(1, AckState.Serving, _rig.Want(first));

        var again = await _rig.SaysAsync(1, AckState.Serving, _rig.Want([first], [ReloadRig.Unreachable(9)]));

        Assert.Equal((told.Seconds, told.Signature), (again.Seconds, again.Signature));
    }

    [Fact]
    public async Task What_was_rejected_is_said_of_the_newer_generation_too_and_taken_back_when_nobody_wants_it()
    {
        var (good, bad) = (_rig.Cached(1), _rig.Cached(2, model: [1, 2, 3]));
        await _rig.StartAsync();
        var told = await _rig.SaysAsync(2, AckState.Rejected, _rig.Want([bad], [good]));
        var again = await _rig.SaysAsync(2, AckState.Rejected, _rig.Want([bad], [good]));
        Assert.Equal(told.Reason, again.Reason);

        await _rig.SaysAsync(2, AckState.Unloaded, _rig.Want(good));
    }

    [Fact]
    public async Task What_is_retried_no_more_is_taken_back()
    {
        var broken = _rig.Cached(1);
        File.WriteAllBytes(Path.Combine(_rig.Cache.FolderOf(broken.Identity), "model.onnx"), [1]);
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Retrying, _rig.Want(broken));

        await _rig.SaysAsync(1, AckState.Unloaded, _rig.Want(_rig.Cached(2)));
    }

    [Fact]
    public async Task A_cache_that_is_deleted_under_it_takes_nothing_out()
    {
        await _rig.StartAsync();
        var first = _rig.Cached(1);
        await _rig.SaysAsync(1, AckState.Serving, _rig.Want(first));
        Directory.Delete(_rig.Folder, recursive: true);

        _rig.Feed.Offer(new DesiredState { Generation = 99, Published = default, Models = new Dictionary<ModelName, DesiredModel>() });

        await _rig.SaysAsync(1, AckState.Unloaded, 99);
        Directory.CreateDirectory(_rig.Folder);
        Assert.False(_rig.Running!.IsCompleted);
    }

    [Fact]
    public async Task A_rejected_version_leaves_a_full_cache_although_nothing_new_is_served_after_it()
    {
        await using var rig = new ReloadRig(cacheBytes: 1);
        var (good, bad) = (rig.Cached(1), rig.Cached(2, model: [1, 2, 3]));
        await rig.StartAsync();
        await rig.SaysAsync(1, AckState.Serving, rig.Want([bad], [good]));

        rig.Want(good);

        await Eventually.IsTrueAsync("it is gone", () => Task.FromResult(!rig.Cache.Has(bad.Identity)));
        Assert.True(rig.Cache.Has(good.Identity));
    }

    [Theory]
    [InlineData("model.json")]
    [InlineData("model.onnx")]
    public async Task A_cached_copy_with_a_file_missing_goes_so_that_it_is_fetched_anew(string file)
    {
        var damaged = _rig.Cached(1);
        File.Delete(Path.Combine(_rig.Cache.FolderOf(damaged.Identity), file));
        await _rig.StartAsync();

        await _rig.SaysAsync(1, AckState.Retrying, _rig.Want(damaged));

        Assert.False(_rig.Cache.Has(damaged.Identity));
    }

    [Fact]
    public async Task The_first_try_belongs_to_the_trace_of_the_change_and_each_retry_to_one_of_its_own()
    {
        var change = ActivityTraceId.CreateRandom();
        var tries = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == InferenceTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "reload" && (activity.TraceId == change || activity.Links.Any(link => link.Context.TraceId == change))) tries.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        _rig.Traceparent = $"00-{change}-{ActivitySpanId.CreateRandom()}-01";
        var broken = _rig.Cached(1);
        // The first try discards the copy; the next one finds the same again.
        void Spoil() => File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(_rig.Cache.FolderOf(broken.Identity)).FullName, "model.json"), [1]);
        Spoil();
        await _rig.StartAsync();
        await _rig.SaysAsync(1, AckState.Retrying, _rig.Want(broken));
        Spoil();
        await Eventually.IsTrueAsync("two tries", () => Task.FromResult(tries.Count >= 2));

        var (first, second) = (tries.First(), tries.ElementAt(1));
        Assert.Equal(change, first.TraceId);
        Assert.NotEqual(change, second.TraceId);
        Assert.All([first, second], attempt => Assert.Equal(ActivityStatusCode.Error, attempt.Status));
    }

    [Fact]
    public async Task A_golden_sample_that_the_model_cannot_run_on_is_a_rejection()
    {
        var golden = new JsonArray(new JsonObject
        {
            ["inputs"] = new JsonObject { ["a"] = "two.bin", ["b"] = "three.bin" },
            ["outputs"] = new JsonObject { ["y"] = "two.bin" },
        });
        var version = _rig.Cached(1, OnnxModels.Product(), golden, new() { ["two.bin"] = new byte[8], ["three.bin"] = new byte[12] });
        await _rig.StartAsync();

        var ack = await _rig.SaysAsync(1, AckState.Rejected, _rig.Want(version));

        Assert.Contains("Golden", ack.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("/", ack.Reason, StringComparison.Ordinal);
    }
}
