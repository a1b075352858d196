using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Sync.Telling;

namespace ModelPlatform.Sync.Console;

/// <summary>What the console shows now. All of it is in memory: whoever looks costs no call to storage.</summary>
internal sealed class ConsoleNow(StateFeed feed, RepositoryReader reader, ReplicaRegistry replicas, History history, ReportedProblems problems)
{
    private const int MaxHistory = 25;

    public ConsoleView View() => ConsoleView.Of(feed.Current?.Document, reader.Wishes, replicas.Status(), history.Newest(null, MaxHistory), problems.Last);

    /// <summary>Is another one where there may be something else to see.</summary>
    public ConsoleMark Mark() => new(feed.Current, reader.Wishes, replicas.Changes, history.Newest(null, 1) is [var newest] ? newest : null, problems.Last);
}

internal readonly record struct ConsoleMark(PublishedState? State, ModelOverrides Wishes, long Replicas, HistoryEntry? Newest, IReadOnlyList<RepositoryProblem> Problems);
