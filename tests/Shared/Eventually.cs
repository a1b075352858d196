using System.Diagnostics;

namespace ModelPlatform.Tests.Shared;

/// <summary>Bounded polling: the only way in which a test may wait for a process that it does not control.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer is not null. Answers with it; fails with the last reason.</summary>
    public static async Task<T> FindAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? atMost = null) where T : class
    {
        var cancelled = TestContext.Current.CancellationToken;
        var clock = Stopwatch.StartNew();
        var last = "it was not there";
        while (clock.Elapsed < (atMost ?? Generous))
        {
            try
            {
                if (await ask() is { } found) return found;
                last = "it was not there";
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException or Xunit.Sdk.XunitException) { last = problem.Message; }
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancelled);
        }
        Assert.Fail($"{what}: not within {atMost ?? Generous}; at last {last}");
        throw new InvalidOperationException();
    }

    public static Task BecomesAsync(Func<Task<bool>> ask, string what, TimeSpan? atMost = null) =>
        FindAsync(async () => await ask() ? "" : null, what, atMost);
}
