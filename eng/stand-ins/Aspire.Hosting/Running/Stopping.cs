namespace Aspire.Hosting.Running;

internal static class Stopping
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task WaitOrKillAsync(IReadOnlyCollection<Child> children)
    {
        var all = Task.WhenAll(children.Select(child => child.Exited));
        try
        {
            await all.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            foreach (var child in children) child.Send(Signal.Kill);
            await all;
        }
    }
}
