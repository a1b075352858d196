using System.Globalization;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Console;

/// <summary>How the console says things.</summary>
public static class Words
{
    private const int MostNames = 3;

    public static string Of(AckState state) => state.ToString().ToLowerInvariant();

    public static string Of(HistoryKind kind) => kind switch
    {
        HistoryKind.Started => "rollout begun",
        HistoryKind.Stepped => "given to more replicas",
        HistoryKind.RolledBack => "rolled back",
        HistoryKind.Released => "released from quarantine",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The first few, and how many more there are.</summary>
    public static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        if (all.Count > MostNames) return $"{string.Join(", ", all.Take(MostNames))} and {all.Count - MostNames} more";
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all.SkipLast(1))} and {all[^1]}";
    }

    public static string Calls(VersionCalls calls) => calls.NotNumbers == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{calls.Answered} answered, {calls.Failed} failed")
        : string.Create(CultureInfo.InvariantCulture, $"{calls.Answered} answered ({calls.NotNumbers} of them with no numbers), {calls.Failed} failed");

    public static string Calls(ShadowCalls calls) => string.Create(CultureInfo.InvariantCulture, $"{calls.Compared} compared, {calls.Agreed} agreed");

    public static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
