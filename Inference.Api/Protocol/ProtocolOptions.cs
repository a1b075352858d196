using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol;

internal sealed class ProtocolOptions
{
    public const string Section = "Limits";

    /// <summary>The largest request body in bytes; of a compressed one, after decompression too, and over gRPC of packed numbers once they are unpacked.</summary>
    [Range(1, 2_000_000_000)] public long MaxBodyBytes { get; set; } = 64 << 20;

    /// <summary>From a request's first byte to its answer: whatever is not done by then ends with 504.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The deepest nesting of a JSON body.</summary>
    [Range(8, 1000)] public int MaxJsonDepth { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class ProtocolOptionsValidator : IValidateOptions<ProtocolOptions>;
