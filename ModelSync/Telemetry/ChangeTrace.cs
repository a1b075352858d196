using System.Diagnostics;
using System.Text.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Rollouts;

namespace ModelPlatform.Sync.Telemetry;

/// <summary>
/// The spans of one change: <c>detect</c> with <c>plan</c> and <c>publish</c> below it. They begin when a plan exists, with the times at which the steps
/// really began: a pass that finds nothing to do has no spans.
/// </summary>
internal static class ChangeTrace
{
    public const string SourceName = "ModelPlatform.Sync";

    private static readonly ActivitySource Source = new(SourceName);

    /// <param name="isStep">Of a rollout whose change was detected before.</param>
    public static Activity? StartDetect(string? parent, DateTimeOffset began, bool isStep = false)
    {
        ActivityContext.TryParse(parent, null, isRemote: true, out var context);
        return Source.StartActivity(isStep ? "step" : "detect", ActivityKind.Internal, context, startTime: began);
    }

    /// <summary>The trace of the rollout that one of the moves takes a step further; null where none does.</summary>
    public static string? RolloutOf(IReadOnlyDictionary<ModelName, RolloutMove> moves, DesiredState? published) => moves
        .Where(move => move.Value.Kind is not (null or HistoryKind.Started))
        .Select(move => published?.Models.GetValueOrDefault(move.Key)?.Candidate?.Traceparent)
        .FirstOrDefault(traceparent => traceparent is not null);

    /// <summary>Says in the span what it does to each rollout, and why one was taken back.</summary>
    public static void AddMoves(Activity? step, IReadOnlyDictionary<ModelName, RolloutMove> moves)
    {
        foreach (var (name, move) in moves)
        {
            if (move is not { Kind: { } kind, Version: { } version }) continue;
            var tags = new ActivityTagsCollection { ["modelplatform.model.name"] = name.ToString(), ["modelplatform.model.version"] = version.Version.ToString() };
            if (move.Reason is { } reason) tags["modelplatform.rollout.reason"] = reason;
            step?.AddEvent(new ActivityEvent(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), tags: tags));
            if (kind == HistoryKind.RolledBack) step?.SetStatus(ActivityStatusCode.Error, move.Reason);
        }
    }

    public static void AddPlan(DateTimeOffset began, DateTimeOffset ended)
    {
        using var plan = Source.StartActivity("plan", ActivityKind.Internal, default(ActivityContext), startTime: began);
        plan?.SetEndTime(ended.UtcDateTime);
    }

    public static Activity? StartPublish() => Source.StartActivity("publish");

    /// <summary>Telling somebody outside of it; nothing where no trace led to it.</summary>
    public static Activity? StartNotify(string? parent, string target)
    {
        if (!ActivityContext.TryParse(parent, null, isRemote: true, out var context)) return null;
        return Source.StartActivity("notify", ActivityKind.Client, context)?.SetTag("target", target);
    }

    /// <summary>The trace to go on with: the publisher's of a new version, or, where only acks led here, the one that the acks belong to.</summary>
    public static string? ParentOf(IReadOnlyDictionary<ModelName, DesiredModel> next, RepositorySnapshot seen, DesiredState? published)
    {
        var before = VersionsIn((published ?? DesiredState.Empty).Models);
        var after = VersionsIn(next);
        if (after.SetEquals(before)) return published?.Traceparent;
        return seen.Models
            .SelectMany(model => model.Value.Committed, (model, version) => (Id: GoodVersion.Of(model.Key, version.Desired), version.Traceparent))
            .Where(version => after.Contains(version.Id) && !before.Contains(version.Id) && ActivityContext.TryParse(version.Traceparent, null, out _))
            .Select(version => version.Traceparent)
            .FirstOrDefault();
    }

    private static HashSet<GoodVersion> VersionsIn(IReadOnlyDictionary<ModelName, DesiredModel> models) =>
        [.. models.SelectMany(model => model.Value.Versions.Concat(model.Value.Candidate?.Versions ?? []), (model, version) => GoodVersion.Of(model.Key, version))];
}
