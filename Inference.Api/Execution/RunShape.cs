using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Execution;

/// <summary>How many threads compute one run, and how many runs of a version there are at the same time.</summary>
internal readonly record struct RunShape(int Threads, int AtOnce)
{
    /// <summary>A model's own word goes before the server's, and of the two a number before the profile.</summary>
    public static RunShape Of(ExecutionPlan? model, ExecutionOptions server, int processors)
    {
        var profile = Of(model?.Profile ?? server.Profile, processors);
        // The server's numbers belong to its profile, not to one that a model has chosen instead.
        var (threads, atOnce) = model?.Profile is null ? (server.IntraOpThreads, server.Concurrency) : (null, null);
        return new RunShape(model?.IntraOpThreads ?? threads ?? profile.Threads, model?.Concurrency ?? atOnce ?? profile.AtOnce);
    }

    private static RunShape Of(ExecutionProfile profile, int processors) => profile switch
    {
        ExecutionProfile.Latency => new RunShape(processors, 1),
        _ => new RunShape(1, processors),
    };
}
