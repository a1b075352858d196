using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Rollouts;

internal sealed class RolloutOptions
{
    public const string Section = "Rollouts";

    /// <summary>How long replicas have to come to a ModelSync that has just begun, before one that is not there counts as gone. They try again every 5 s at least.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How often a rollout is looked at while one runs, besides whenever a replica says something. It costs no list call.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(0.5);
}

[OptionsValidator]
internal sealed partial class RolloutOptionsValidator : IValidateOptions<RolloutOptions>;
