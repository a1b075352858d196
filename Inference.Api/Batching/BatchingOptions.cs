using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Batching;

/// <summary>How requests share a run where a model.json does not say it. On a CPU few rows gain what there is to gain, and waiting for more costs more than it gives.</summary>
internal sealed class BatchingOptions
{
    public const string Section = "Batching";

    /// <summary>Rows of one run; 1 for no batching. A request with more runs alone.</summary>
    [Range(1, 4096)] public int MaxRows { get; set; } = 4;

    /// <summary>
    /// Bytes of one row's inputs above which rows share no run unless the model.json says how many may: on a CPU large rows gain nothing by it. With an
    /// accelerator they do.
    /// </summary>
    [Range(0, long.MaxValue)] public long MaxRowBytes { get; set; } = 64 << 10;

    /// <summary>How long the oldest request waits for others although a run could begin.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")] public TimeSpan MaxDelay { get; set; } = TimeSpan.Zero;
}

[OptionsValidator]
internal sealed partial class BatchingOptionsValidator : IValidateOptions<BatchingOptions>;
