using System.Net;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>Somebody on the network: a pod with its labels and those of its namespace, or an address outside.</summary>
internal sealed record Peer(IReadOnlyDictionary<string, string>? Labels, IReadOnlyDictionary<string, string> Namespace, IPAddress? Address)
{
    private const string OurNamespace = "modelplatform";

    public bool IsOurs => Labels is not null && Namespace["kubernetes.io/metadata.name"] == OurNamespace;

    public static Peer Ours(string app) => Foreign(OurNamespace, ("app", app));

    public static Peer Foreign(string name, params (string Key, string Value)[] labels) =>
        new(labels.ToDictionary(label => label.Key, label => label.Value), new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = name }, null);

    public static Peer Outside(string address) => new(null, new Dictionary<string, string>(), IPAddress.Parse(address));

    public override string ToString() => Address?.ToString() ?? string.Join(", ", Labels!.Concat(Namespace).Select(label => $"{label.Key}={label.Value}"));
}

/// <summary>Network policies as Kubernetes reads them: a pod that any policy selects gets only what some policy lets through, and both ends must agree.</summary>
internal sealed class Network(IEnumerable<KubernetesObject> policies)
{
    private readonly List<KubernetesObject> _policies = [.. policies];

    public bool Lets(Peer from, Peer to, int port, string protocol = "TCP") =>
        Agrees(from, to, "Egress", "to", port, protocol) && Agrees(to, from, "Ingress", "from", port, protocol);

    private bool Agrees(Peer pod, Peer other, string direction, string peers, int port, string protocol)
    {
        if (!pod.IsOurs) return true;
        var selecting = _policies.Where(policy => Selects(policy.Find("spec.podSelector"), pod.Labels!) && policy.Find("spec.policyTypes").Items().Any(type => type.ToString() == direction)).ToList();
        return selecting.Count == 0 || selecting.SelectMany(policy => policy.Find($"spec.{direction.ToLowerInvariant()}").Items())
            .Any(rule => HasPort(rule["ports"], port, protocol) && (rule[peers] is null || rule[peers].Items().Any(peer => IsMeant(peer, other))));
    }

    private static bool HasPort(JsonNode? ports, int port, string protocol) =>
        ports is null || ports.Items().Any(one => one["port"]!.GetValue<long>() == port && (one["protocol"]?.ToString() ?? "TCP") == protocol);

    private static bool IsMeant(JsonNode peer, Peer other)
    {
        if (peer["ipBlock"] is { } block)
            return other.Address is { } address && IPNetwork.Parse(block["cidr"]!.ToString()).Contains(address) && !block["except"].Items().Any(except => IPNetwork.Parse(except.ToString()).Contains(address));
        return other.Labels is not null
            && (peer["namespaceSelector"] is { } namespaces ? Selects(namespaces, other.Namespace) : other.IsOurs)
            && (peer["podSelector"] is not { } pods || Selects(pods, other.Labels));
    }

    private static bool Selects(JsonNode? selector, IReadOnlyDictionary<string, string> labels) =>
        selector!["matchLabels"].Texts().All(label => labels.Contains(label))
        && selector["matchExpressions"].Items().All(expression => expression["operator"]!.ToString() == "In"
            ? labels.TryGetValue(expression["key"]!.ToString(), out var value) && expression["values"].Items().Any(possible => possible.ToString() == value)
            : throw new NotSupportedException($"The operator {expression["operator"]} is not known here."));
}
