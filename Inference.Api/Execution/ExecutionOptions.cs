using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Execution;

/// <summary>How sessions run where a model.json does not say it. Many single-threaded runs at once use two cores best and stay steady under load.</summary>
internal sealed class ExecutionOptions
{
    public const string Section = "Execution";

    /// <summary>Threads of one run.</summary>
    [Range(1, 256)] public int IntraOpThreads { get; set; } = 1;

    /// <summary>Runs of one model at the same time.</summary>
    [Range(1, 256), DefaultValue("one for each processor")] public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Requests of one version that may be prepared or wait besides those that run, before others are refused with 503.</summary>
    [Range(0, 100_000)] public int MaxWaiting { get; set; } = 256;

    /// <summary>Bytes of the largest version that is loaded: all of its files together, judged before anything is downloaded.</summary>
    [Range(1, long.MaxValue)] public long MaxModelBytes { get; set; } = 2L << 30;
}

[OptionsValidator]
internal sealed partial class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>;
