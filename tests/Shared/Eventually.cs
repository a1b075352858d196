using System.Diagnostics;

namespace ModelPlatform.Tests.Shared;

/// <summary>Bounded polling: the only way in which a test may wait for what it does not control. An answer that fails counts as none.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? atMost = null) where T : class
    {
        var clock = Stopwatch.StartNew();
        for (var last = ""; ; await Task.Delay(Pause, TestContext.Current.CancellationToken))
        {
            try
            {
                if (await ask() is { } answer) return answer;
                last = "";
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException) { last = $" ({problem.Message})"; }
            if (clock.Elapsed > (atMost ?? Limit)) throw new TimeoutException($"Not within {(atMost ?? Limit).TotalSeconds} s: {what}.{last}");
        }
    }

    public static Task IsTrueAsync(string what, Func<Task<bool>> ask, TimeSpan? atMost = null) => GetAsync(what, async () => await ask() ? what : null, atMost);
}
