using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Webhooks;

internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Who is told when a version is published, live, rolled back or quarantined: see "Webhooks".</summary>
    [DefaultValue("none")]
    public IList<WebhookTarget> Targets { get; } = [];

    /// <summary>Where events come from, their `source`; by default the address of the container.</summary>
    public string? Source { get; set; }

    /// <summary>How long one try may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Tries after the first one, before an event is given up.</summary>
    [Range(1, 100)]
    public int Retries { get; set; } = 8;

    /// <summary>The wait before the second try; it doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries, whatever the target asks for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan RetryMost { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Events that may wait for one target; beyond, the oldest are given up.</summary>
    [Range(1, 100_000)]
    public int MaxPending { get; set; } = 1000;
}

[OptionsValidator]
internal sealed partial class WebhookOptionsValidator : IValidateOptions<WebhookOptions>;
