namespace Aspirate;

/// <summary>What templates can name.</summary>
internal sealed class TemplateData
{
    public string Name { get; init; } = "";
    public string? Namespace { get; init; }
    public Dictionary<string, string> Env { get; init; } = [];
    public Dictionary<string, string> Secrets { get; init; } = [];
    public Dictionary<string, string> Annotations { get; init; } = [];
    public List<string> Volumes { get; init; } = [];
    public List<Port> Ports { get; init; } = [];
    public List<string> Manifests { get; init; } = [];
    public List<string> Args { get; init; } = [];
    public bool SecretsDisabled { get; init; } = true;
    public bool IsProject { get; init; }
    public bool WithPrivateRegistry { get; init; }
    public bool WithDashboard { get; init; }
    public string? ContainerImage { get; init; }
    public string? Entrypoint { get; init; }
    public string? ImagePullPolicy { get; init; }
    public string ServiceType { get; init; } = "ClusterIP";

    public bool HasPorts => Ports.Count > 0;
    public bool HasVolumes => Volumes.Count > 0;
    public bool HasAnySecrets => Secrets.Count > 0 && !SecretsDisabled;
    public bool HasAnyAnnotations => Annotations.Count > 0;
    public bool HasArgs => Args.Count > 0;
    public bool HasAnyEnv => Env.Count > 0;
    public bool WithNamespace => !string.IsNullOrWhiteSpace(Namespace);
}

internal sealed record Port(string Name, int InternalPort, int ExternalPort);
