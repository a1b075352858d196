using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol;

internal sealed class ProtocolOptions
{
    /// <summary>The largest request body in bytes.</summary>
    [Range(1, 2_000_000_000)] public long MaxBodyBytes { get; set; } = 64 << 20;

    /// <summary>The deepest nesting of a JSON body.</summary>
    [Range(8, 1000)] public int MaxJsonDepth { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class ProtocolOptionsValidator : IValidateOptions<ProtocolOptions>;
