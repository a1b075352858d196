using System.Diagnostics;

namespace ModelPlatform.Cli.Servers;

/// <summary>
/// Looks that are repeated until something is so. Once the server has answered, one that does not is asked again for a while: a change of its leader must
/// not end the watch over a rollout that is none the worse for it.
/// </summary>
internal sealed class PatientLooks
{
    // ModelSync's lease runs out and another one has read the repository.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private long? _answered;
    private bool _isTold;

    /// <returns>Null where there is no answer for now.</returns>
    public async Task<T?> TryAsync<T>(Func<Task<T>> look) where T : class
    {
        try
        {
            var seen = await look();
            (_answered, _isTold) = (Stopwatch.GetTimestamp(), false);
            return seen;
        }
        catch (CommandFailure failure) when (failure.MayPass && _answered is { } last && Stopwatch.GetElapsedTime(last) < Patience)
        {
            if (!_isTold) await Console.Error.WriteLineAsync($"{failure.Message} Looking again, for up to {Patience.TotalMinutes} minutes.");
            _isTold = true;
            return null;
        }
    }
}
