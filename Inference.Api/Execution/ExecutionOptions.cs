using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Execution;

/// <summary>How sessions run where a model.json does not say it.</summary>
internal sealed class ExecutionOptions
{
    public const string Section = "Execution";

    /// <summary>`Throughput`: a run for each processor, of one thread each, which uses them best and stays steady under load. `Latency`: one run at a time on all of them, the quickest single answer of a machine that has little else to do.</summary>
    public ExecutionProfile Profile { get; set; } = ExecutionProfile.Throughput;

    /// <summary>Threads of one run.</summary>
    [Range(1, 256), DefaultValue("what the profile says")] public int? IntraOpThreads { get; set; }

    /// <summary>Runs of one version at the same time.</summary>
    [Range(1, 256), DefaultValue("what the profile says")] public int? Concurrency { get; set; }

    /// <summary>What computes, in the order of preference and separated by commas: `CPU`, or `CUDA`, `TensorRT`, `OpenVINO`, … where the runtime's library offers them. Only `CPU` is tested.</summary>
    [Required] public string Providers { get; set; } = ExecutionProviders.Cpu;

    /// <summary>Requests of one version that may be prepared or wait besides those that run, before others are refused with 503.</summary>
    [Range(0, 100_000)] public int MaxWaiting { get; set; } = 256;

    /// <summary>Bytes of the largest version that is loaded: all of its files together, judged before anything is downloaded.</summary>
    [Range(1, long.MaxValue)] public long MaxModelBytes { get; set; } = 2L << 30;
}

[OptionsValidator]
internal sealed partial class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>;
