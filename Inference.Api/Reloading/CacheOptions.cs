using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Reloading;

internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>Where downloaded versions lie. Several replicas on one machine may share it.</summary>
    [Required, DefaultValue("model-platform/cache in the folder for temporary files")]
    public string Directory { get; set; } = Path.Combine(Path.GetTempPath(), "model-platform", "cache");

    /// <summary>Bytes of all versions together, as published and as optimised; above it, those unused for longest go, but none that is wanted.</summary>
    [Range(1, long.MaxValue)] public long MaxBytes { get; set; } = 10L << 30;

    /// <summary>Whether a model is also kept as the runtime has optimised it for this machine: about as many bytes again, and half of the processor time and of the memory of each further load.</summary>
    public bool KeepOptimized { get; set; } = true;
}

[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
