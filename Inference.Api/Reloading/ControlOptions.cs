using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Reloading;

internal sealed class ControlOptions
{
    public const string Section = "RepositoryControl";

    /// <summary>Whether the protocol's load and unload are carried out for those who have the platform key, by a wish to ModelSync; else they get 503.</summary>
    public bool Allowed { get; set; } = true;

    /// <summary>How long a load or unload waits until this replica has followed. The wish stands in any case.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}

[OptionsValidator]
internal sealed partial class ControlOptionsValidator : IValidateOptions<ControlOptions>;
