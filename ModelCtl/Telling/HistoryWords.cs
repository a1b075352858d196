using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Telling;

internal static class HistoryWords
{
    public static string Words(this HistoryKind kind) => kind == HistoryKind.RolledBack ? "rolled back" : kind.ToString().ToLowerInvariant();
}
