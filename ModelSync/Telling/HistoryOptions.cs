using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Telling;

internal sealed class HistoryOptions
{
    public const string Section = "History";

    /// <summary>Entries that may wait while storage is away; beyond, the oldest are lost.</summary>
    [Range(1, 1_000_000)]
    public int MaxPending { get; set; } = 10_000;

    /// <summary>How often the file is looked at for what others have written, another ModelSync before all.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Writes to one file before the next one is begun: Azure takes 50,000.</summary>
    [Range(1, 50_000)]
    public int MaxBlocks { get; set; } = 45_000;
}

[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;
