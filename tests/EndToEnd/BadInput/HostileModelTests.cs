using System.Diagnostics;
using System.Globalization;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Versions that must never answer, published as any other: the old one serves on, and everybody is told why.</summary>
[Collection(OnePlatform.Name)]
public sealed class HostileModelTests(BadInputPlatform bad, ITestOutputHelper output)
{
    [Fact]
    public async Task A_hostile_version_is_refused_with_its_reason_and_left_alone_until_its_content_changes()
    {
        foreach (var hostile in HostileVersion.All) await bad.PublishAsync(hostile.Kind, 1, hostile.Good);
        foreach (var hostile in HostileVersion.All) await bad.SaysAsync("a", hostile.Kind, 1, AckState.Serving);

        var process = bad.Platform.ProcessIdOf("a");
        ResidentMemory.ForgetPeak(process);
        var before = ResidentMemory.Of(process);
        foreach (var hostile in HostileVersion.All) await bad.PublishAsync(hostile.Kind, 2, hostile.Files, hostile.Draft, hostile.Lies);
        var refusals = new Dictionary<string, string>();
        foreach (var hostile in HostileVersion.All)
        {
            var said = refusals[hostile.Kind] = await Quarantine.OfAsync(bad.Platform.Client, bad.Platform.Sync, hostile.Kind, 2);
            output.WriteLine($"{hostile.Kind}: {said}");
            Assert.Contains(hostile.Reason, said, StringComparison.Ordinal);
            Assert.DoesNotContain(bad.Platform.CacheOf("a"), said, StringComparison.Ordinal);
            await bad.Platform.AnswersAsync(hostile.Kind, 1, null, "a");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All of them: {before:0} MiB before, {ResidentMemory.Of(process):0} after, peak {ResidentMemory.PeakOf(process):0}."));

        await bad.LookedAtEverythingAsync();
        foreach (var (kind, said) in refusals)
        {
            Assert.Equal(said, await Quarantine.ReasonAsync(bad.Platform.Client, bad.Platform.Sync, kind, 2));
            Assert.Null(await bad.SaidAsync("a", kind, 2));
        }

        await bad.Platform.Repository.UploadAsync("digest/2/model.onnx", OnnxModels.Times(2));
        await bad.Platform.AnswersAsync("digest", 2, null, "a");
    }

    [Fact]
    public async Task Want_of_memory_is_retried_and_the_old_version_serves_on()
    {
        await bad.PublishAsync("hungry", 1, OnnxModels.Times(1));
        await bad.SaysAsync("a", "hungry", 1, AckState.Serving);
        var started = Stopwatch.GetTimestamp();
        await bad.PublishAsync("hungry", 2, OnnxModels.Hungry());

        var first = await bad.SaysAsync("a", "hungry", 2, AckState.Retrying);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Said after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.000} s: {first.Reason}"));
        Assert.Equal("Not enough memory.", first.Reason);
        await Eventually.IsTrueAsync("another try", async () => await bad.SaidAsync("a", "hungry", 2) is { State: AckState.Retrying } again && again.Seconds != first.Seconds);
        await bad.Platform.AnswersAsync("hungry", 1, null, "a");

        await bad.PublishAsync("hungry", 3, OnnxModels.Times(3));
        await bad.Platform.AnswersAsync("hungry", 3, null, "a");
    }
}
