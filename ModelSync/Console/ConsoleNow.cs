using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Console;

/// <summary>What the console shows now. All of it is in memory: whoever looks costs no call to storage.</summary>
internal sealed class ConsoleNow(StateFeed feed, ReplicaRegistry replicas, ReportedProblems problems)
{
    public ConsoleView View() => ConsoleView.Of(feed.Current?.Document, replicas.Status(), problems.Last);

    /// <summary>Is another one where there may be something else to see.</summary>
    public ConsoleMark Mark() => new(feed.Current, replicas.Changes, problems.Last);
}

/// <summary>By reference: nothing is compared in depth.</summary>
internal readonly record struct ConsoleMark(PublishedState? State, long Replicas, IReadOnlyList<RepositoryProblem> Problems);
