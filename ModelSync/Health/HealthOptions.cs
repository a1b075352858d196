using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Health;

internal sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>The pause between two rounds in which every replica is asked whether it is ready. With more than 200 replicas it is longer, in proportion.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan AskEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a replica may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many replicas are asked at once.</summary>
    [Range(1, 1000)]
    public int AtOnce { get; set; } = 16;
}

[OptionsValidator]
internal sealed partial class HealthOptionsValidator : IValidateOptions<HealthOptions>;
