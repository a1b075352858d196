using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>
/// How long each model's rollout has been where it is, by this process's own clock: one that takes over begins to bake anew, and no two clocks are compared.
/// </summary>
internal sealed class RolloutClock(TimeProvider time)
{
    private readonly Dictionary<ModelName, Reading> _readings = [];

    /// <returns>Since when the step has its time anew, and since when it is served.</returns>
    /// <param name="isServed">Whether every replica that has the candidate serves it.</param>
    public (TimeSpan SinceStep, TimeSpan? SinceServed) Look(ModelName name, DesiredModel? published, bool isServed)
    {
        if (published?.Candidate is not { } candidate)
        {
            _readings.Remove(name);
            return default;
        }
        var step = (candidate.Generation, string.Join('/', published.Replicas.Select(replica => $"{replica.Key} {replica.Value}")));
        if (!_readings.TryGetValue(name, out var reading) || reading.Step != step) reading = new Reading(step, time.GetTimestamp(), null);
        // Who had served it and does not any more has as much time as anybody who has just been given it.
        if (!isServed && reading.Served is not null) reading = reading with { Began = time.GetTimestamp(), Served = null };
        if (isServed && reading.Served is null) reading = reading with { Served = time.GetTimestamp() };
        _readings[name] = reading;
        return (time.GetElapsedTime(reading.Began), reading.Served is { } served ? time.GetElapsedTime(served) : null);
    }

    private sealed record Reading((long, string) Step, long Began, long? Served);
}
