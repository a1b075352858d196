using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ModelPlatform.Tests.EndToEnd.Hosting;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>What a refusal says, and what it costs the replica 'a'.</summary>
internal static class Refusals
{
    private const double Flat = 150;

    /// <param name="maxGrowth">MiB by which the replica's memory may peak meanwhile.</param>
    /// <returns>The reason; empty where the call is a good one.</returns>
    public static async Task<string> RefusesAsync(
        this BadInputPlatform bad, ITestOutputHelper output, string what, int expected, Func<Task<(int Status, string Body)>> send, double maxGrowth = Flat)
    {
        var process = bad.Platform.ProcessIdOf("a");
        ResidentMemory.ForgetPeak(process);
        var before = ResidentMemory.Of(process);
        var started = Stopwatch.GetTimestamp();
        var (status, body) = await send();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var (after, peak) = (ResidentMemory.Of(process), ResidentMemory.PeakOf(process));

        var reason = status == 200 ? "" : (string?)JsonNode.Parse(body)!["error"] ?? "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {status} in {elapsed:0.0} ms, {before:0} → {after:0} MiB, peak {peak:0} MiB. {reason}"));
        Assert.True(status == expected, $"{what}: {status} {body}");
        Assert.True(status == 200 || reason.Length > 10, $"{what}: no reason in {body}");
        Assert.True(peak - before < maxGrowth, $"{what}: {before:0} MiB grew to {peak:0} MiB");
        return reason;
    }

    public static async Task<(int Status, string Body)> SendAsync(this BadInputPlatform bad, string path, HttpContent body, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bad.Platform.AddressOf("a"), path)) { Content = body };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        // Else the refusal of what is only announced would meet a client that is still sending.
        else request.Headers.ExpectContinue = true;
        using var answer = await bad.Platform.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
