using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Detection;

internal sealed class DetectionOptions
{
    public const string Section = "Detection";

    /// <summary>The time between two listings. Each is billed like a write by Azure Storage.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ListEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Added to it at random, up to this much, so that several installations do not list in step.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Jitter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Blobs asked for in one list call; 5000 is the most that Azure Storage gives.</summary>
    [Range(1, 5000)]
    public int PageSize { get; set; } = 5000;

    /// <summary>Creates the container where it is missing: on a developer's machine only.</summary>
    public bool CreateContainer { get; set; }

    public TimeSpan NextWait() => ListEvery + Jitter * Random.Shared.NextDouble();
}

[OptionsValidator]
internal sealed partial class DetectionOptionsValidator : IValidateOptions<DetectionOptions>;
