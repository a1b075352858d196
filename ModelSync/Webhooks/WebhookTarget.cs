using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>One element of <c>Webhooks:Targets</c>, as it is configured; docs/operations.md has its members.</summary>
internal sealed class WebhookTarget
{
    private static readonly HistoryKind[] Usual = [HistoryKind.Published, HistoryKind.Live, HistoryKind.RolledBack, HistoryKind.Quarantined];
    private static readonly Dictionary<string, string> UsualInputs = new() { ["model"] = "{model}", ["version"] = "{version}", ["event"] = "{event}" };

    public string? Name { get; set; }

    public WebhookKind Kind { get; set; }

    public string? Url { get; set; }

    public HistoryKind[]? Events { get; set; }

    public string? Secret { get; set; }

    public string? Token { get; set; }

    public TokenScheme? Scheme { get; set; }

    public string? Project { get; set; }

    public int? Pipeline { get; set; }

    public string? Repository { get; set; }

    public string? Workflow { get; set; }

    public string? Ref { get; set; }

    public Dictionary<string, string>? Inputs { get; set; }

    // Bound lists are added to their defaults, which therefore are not in the properties themselves.
    public bool Wants(HistoryKind kind) => (Events is { Length: > 0 } ? Events : Usual).Contains(kind);

    public IReadOnlyDictionary<string, string> WantedInputs => Inputs is { Count: > 0 } ? Inputs : UsualInputs;

    /// <summary>For logs and metrics. Never the address itself, whose query is the secret of many a receiver.</summary>
    public string Title => Name ?? (Uri.TryCreate(Address, UriKind.Absolute, out var address) ? address.Authority : Kind.ToString());

    public string? Address => Url ?? (Kind == WebhookKind.GitHub ? "https://api.github.com" : null);
}

internal enum WebhookKind
{
    /// <summary>A CloudEvent is posted to the address as it is.</summary>
    CloudEvents,

    /// <summary>A pipeline of Azure DevOps is run.</summary>
    AzureDevOps,

    /// <summary>A workflow of GitHub Actions is dispatched.</summary>
    GitHub,
}

internal enum TokenScheme { Bearer, Basic }
