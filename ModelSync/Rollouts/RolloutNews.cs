using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Rollouts;

/// <summary>What a published document means, as entries of the history. Pure.</summary>
internal static class RolloutNews
{
    /// <param name="before">What was published before it.</param>
    public static IEnumerable<HistoryEntry> Of(DesiredState document, DesiredState? before, IReadOnlyDictionary<ModelName, RolloutMove> moves, DateTimeOffset time)
    {
        foreach (var (name, move) in moves)
        {
            if (move is not { Kind: { } kind, Version: { } version }) continue;
            var earlier = before?.Models.GetValueOrDefault(name);
            var trace = (document.Models.GetValueOrDefault(name)?.Candidate ?? earlier?.Candidate)?.Traceparent ?? document.Traceparent;
            var entry = new HistoryEntry(kind, name, version.Version, version.Identity, document.Generation, time, move.Reason, trace, move.Replicas?.Select(replica => replica.ToString()).ToList());

            if (Displaced(earlier, move) is { } displaced) yield return entry with { Kind = HistoryKind.Abandoned, Version = displaced.Version, Identity = displaced.Identity, Traceparent = earlier!.Candidate!.Traceparent, Replicas = null };
            if (kind is HistoryKind.Started or HistoryKind.Live && IsNew(version, earlier)) yield return entry with { Kind = HistoryKind.Published, Replicas = null };
            yield return entry;
            if (kind == HistoryKind.RolledBack) yield return entry with { Kind = HistoryKind.Quarantined, Replicas = null };
        }
    }

    /// <summary>What was being brought in and is not any more, since something else begins or is live in its place; null where that does not happen.</summary>
    public static DesiredVersion? Displaced(DesiredModel? before, RolloutMove move) =>
        move.Kind is HistoryKind.Started or HistoryKind.Live && before?.Proved is [var proved, ..] && move.Next.Versions.Concat(move.Next.Candidate?.Versions ?? []).All(version => version.Identity != proved.Identity)
            ? proved
            : null;

    /// <summary>Whether it had no part before, and is none of those before what had one: to go back is no news of the repository's.</summary>
    private static bool IsNew(DesiredVersion version, DesiredModel? before) =>
        before is null || before.Named.All(known => known.Identity != version.Identity && known.Version.CompareTo(version.Version) <= 0);
}
