using System.Diagnostics;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Telemetry;

/// <summary>The service's one activity source, and the words that its spans use.</summary>
internal static class InferenceTelemetry
{
    public const string Name = "ModelPlatform.Inference";
    public const string ModelTag = "modelplatform.model.name";
    public const string VersionTag = "modelplatform.model.version";

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>A stage of a flow, inside whatever is going on.</summary>
    public static Activity? Stage(string name) => Source.StartActivity(name);

    /// <summary>A request that shares a stream: a trace of its own, linked to the stream's, which may not end for days.</summary>
    public static Activity? StreamedRequest(string name)
    {
        ActivityLink[] links = Activity.Current is { } stream ? [new ActivityLink(stream.Context)] : [];
        Activity.Current = null;
        return Source.StartActivity(ActivityKind.Server, links: links, name: name);
    }

    /// <summary>A run for requests of several traces: it links to them and is part of none.</summary>
    public static Activity? Batch(IEnumerable<ActivityContext> callers)
    {
        var links = callers.Where(caller => caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)).Select(caller => new ActivityLink(caller)).ToList();
        return links.Count == 0 ? null : Source.StartActivity(ActivityKind.Internal, links: links, name: "batch");
    }

    public static T Staged<T>(string name, Func<T> work)
    {
        using var stage = Stage(name);
        try { return work(); }
        catch (Exception failure) when (Failed(stage, failure.Message)) { throw; }
    }

    public static async Task<T> StagedAsync<T>(string name, Func<Activity?, Task<T>> work)
    {
        using var stage = Stage(name);
        try { return await work(stage); }
        catch (Exception failure) when (Failed(stage, failure.Message)) { throw; }
    }

    public static void Staged(string name, Action work) => Staged(name, () => { work(); return true; });

    public static void Tag(this Activity? activity, ModelId id) =>
        activity?.SetTag(ModelTag, id.Name.ToString()).SetTag(VersionTag, id.Version.ToString());

    // A filter that never catches: the span learns of the failure, and its way up stays as it was.
    private static bool Failed(Activity? stage, string reason)
    {
        stage?.SetStatus(ActivityStatusCode.Error, reason);
        return false;
    }
}
