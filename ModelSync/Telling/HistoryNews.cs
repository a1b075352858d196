namespace ModelPlatform.Sync.Telling;

/// <summary>Whole lines of the history that were not seen before.</summary>
/// <param name="IsAll">Whether they take the place of all that was seen: the first look, or the files are others.</param>
internal sealed record HistoryNews(byte[] Lines, bool IsAll)
{
    public static HistoryNews None { get; } = new([], IsAll: false);

    public bool Holds(byte[] lines) => lines.Length > 0 && Lines.AsSpan().IndexOf(lines) >= 0;
}
