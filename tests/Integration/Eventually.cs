namespace ModelPlatform.Tests.Integration;

/// <summary>Waits for a condition by asking again and again, within a generous limit.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask) where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            if (await ask() is { } answer) return answer;
            try { await Task.Delay(Pause, limit.Token); }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds} s: {what}.");
            }
        }
    }

    public static Task IsTrueAsync(string what, Func<Task<bool>> ask) => GetAsync(what, async () => await ask() ? what : null);
}
