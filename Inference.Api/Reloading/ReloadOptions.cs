using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Reloading;

internal sealed class ReloadOptions
{
    public const string Section = "Reload";

    /// <summary>How often the desired state is read from Blob, whatever the watch says: the longest that a lost signal can delay a change.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan ResyncEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after the first failed download or load; it doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan RetryMost { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the runs in which a version proves itself may take together: with rows beside each other, to warm up, of its golden samples. One that is not through by then is rejected.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan ProveTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest that ModelSync may be silent on the watch, which it breaks with a heartbeat every 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan WatchSilence { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a replica says what it did with a version that a rollout is proving; replicas with the version before say it every fifth time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class ReloadOptionsValidator : IValidateOptions<ReloadOptions>;
