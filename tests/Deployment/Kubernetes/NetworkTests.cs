using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>The policies let through what the platform lives on, and nothing else.</summary>
public sealed class NetworkTests
{
    private static readonly Peer Api = Peer.Ours("inference-api");
    private static readonly Peer Sync = Peer.Ours("model-sync");
    private static readonly Peer Emulator = Peer.Ours("storage");
    private static readonly Peer Dns = Peer.Foreign("kube-system", ("k8s-app", "kube-dns"));
    private static readonly Peer Client = new(new Dictionary<string, string>(), new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "shop", ["modelplatform/client"] = "true" }, null);
    private static readonly Peer Stranger = Peer.Foreign("shop");
    private static readonly Peer Blob = Peer.Outside("20.60.1.1");

    public static TheoryData<string> Overlays => Kustomize.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public void What_the_platform_lives_on_flows(string overlay)
    {
        var network = new Network(Kustomize.Objects(overlay, "NetworkPolicy"));
        var ingress = Peer.Foreign(overlay == Kustomize.Aks ? "app-routing-system" : "ingress-nginx");
        (Peer From, Peer To, int Port)[] flows =
        [
            (Api, Sync, 8080), (Sync, Api, 8080), (ingress, Api, 8080), (Client, Api, 8080), (Client, Api, 8081), (Api, Dns, 53), (Sync, Dns, 53),
            .. overlay == Kustomize.Aks
                ? new[] { (Api, Blob, 443), (Sync, Blob, 443), (Api, Peer.Foreign("monitoring"), 4317), (Sync, Peer.Foreign("monitoring"), 4317) }
                : [(Api, Emulator, 10000), (Sync, Emulator, 10000)],
        ];
        Assert.All(flows, flow => Assert.True(network.Lets(flow.From, flow.To, flow.Port)));
        Assert.True(network.Lets(Api, Dns, 53, "UDP"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Nothing_else_does(string overlay)
    {
        var network = new Network(Kustomize.Objects(overlay, "NetworkPolicy"));
        (Peer From, Peer To, int Port)[] flows =
        [
            (Stranger, Api, 8080), (Stranger, Api, 8081), (Stranger, Sync, 8080), (Client, Sync, 8080), (Api, Api, 8080), (Sync, Api, 8081), (Api, Stranger, 80), (Api, Blob, 80),
            (Api, Peer.Outside("169.254.169.254"), 80), (Api, Peer.Outside("10.0.0.1"), 443), (Stranger, Emulator, 10000), (Emulator, Blob, 443), (Emulator, Api, 8080), (Peer.Ours("new"), Api, 8080),
            .. overlay == Kustomize.Aks ? new[] { (Api, Emulator, 10000) } : [(Api, Blob, 443), (Sync, Blob, 443)],
        ];
        Assert.All(flows, flow => Assert.False(network.Lets(flow.From, flow.To, flow.Port)));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_reference_of_the_manifest_is_a_flow(string overlay)
    {
        var network = new Network(Kustomize.Objects(overlay, "NetworkPolicy"));
        foreach (var workload in Kustomize.Objects(overlay, "Deployment"))
        {
            foreach (var reference in Settings.Of(overlay, workload).Where(variable => variable.Key.StartsWith("services__", StringComparison.Ordinal)))
            {
                var address = new Uri(reference.Value!);
                Assert.True(network.Lets(Peer.Ours(workload.Name), Peer.Ours(address.Host), address.Port), $"{workload} to {address}");
            }
        }
    }

    [Fact]
    public void Event_grids_calls_come_in_on_one_path_where_the_overlay_wants_them()
    {
        var objects = With("events");
        var network = new Network(objects.Where(found => found.Kind == "NetworkPolicy"));
        Assert.True(network.Lets(Peer.Foreign("app-routing-system"), Sync, 8080));
        Assert.False(network.Lets(Stranger, Sync, 8080));

        var ingress = objects.Single(found => found is { Kind: "Ingress", Name: "model-sync-events" });
        var path = Assert.Single(Assert.Single(ingress.Find("spec.rules").Items())["http"]!["paths"].Items());
        Assert.Equal(("/events/blob", "Exact", "model-sync"), (path["path"]!.ToString(), path["pathType"]!.ToString(), path["backend"]!["service"]!["name"]!.ToString()));
        Assert.Equal(Kustomize.Single(Kustomize.Aks, "Ingress", "inference-api").Text("spec.rules.0.host"), ingress.Text("spec.rules.0.host"));
        var key = objects.Single(found => found is { Kind: "Deployment", Name: "model-sync" }).Container["env"].Items().Single(variable => variable["name"]!.ToString() == "Events__Key");
        Assert.Equal("events-key", key["valueFrom"]!["secretKeyRef"]!["name"]!.ToString());
        Assert.DoesNotContain(Kustomize.Objects(Kustomize.Aks, "Ingress"), found => found.Name == "model-sync-events");
    }

    [Fact]
    public void A_gateway_takes_the_place_of_the_ingress()
    {
        var objects = With("gateway");
        var gateway = Yaml.Documents(File.ReadAllText(RepositoryRoot.Combine("aspire-manifest", "overlays", "gateway", "gateway.yaml")))
            .Select(document => new KubernetesObject((JsonObject)document!)).Single(found => found.Kind == "Gateway");
        var itsNamespace = gateway.Text("metadata.namespace");
        var network = new Network(objects.Where(found => found.Kind == "NetworkPolicy"));
        Assert.True(network.Lets(Peer.Foreign(itsNamespace), Api, 8080));
        Assert.False(network.Lets(Peer.Foreign("app-routing-system"), Api, 8080));

        Assert.DoesNotContain(objects, found => found.Kind == "Ingress");
        var route = objects.Single(found => found.Kind == "HTTPRoute");
        Assert.Equal(Kustomize.Single(Kustomize.Aks, "Ingress", "inference-api").Text("spec.rules.0.host"), route.Text("spec.hostnames.0"));
        Assert.Equal($"{itsNamespace}/{gateway.Name}/{gateway.Text("spec.listeners.0.name")}", $"{route.Find("spec.parentRefs.0.namespace")}/{route.Find("spec.parentRefs.0.name")}/{route.Find("spec.parentRefs.0.sectionName")}");
        Assert.Equal(route.Text("metadata.namespace"), gateway.Find("spec.listeners.0.allowedRoutes.namespaces.selector.matchLabels").Texts()["kubernetes.io/metadata.name"]);
        var grant = objects.Single(found => found.Kind == "ReferenceGrant");
        Assert.Equal((itsNamespace, gateway.Text("spec.listeners.0.tls.certificateRefs.0.name")), (grant.Text("spec.from.0.namespace"), grant.Text("spec.to.0.name")));
    }

    // The overlay for AKS as somebody has it who took the component in.
    private static IReadOnlyList<KubernetesObject> With(string component)
    {
        var overlays = RepositoryRoot.Combine("aspire-manifest", "overlays");
        var copy = Directory.CreateDirectory(RepositoryRoot.Combine("artifacts", "tests", component)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(overlays, Kustomize.Aks))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        var kustomization = Path.Combine(copy, "kustomization.yaml");
        File.WriteAllText(kustomization, File.ReadAllText(kustomization).Replace("../common", "../../../aspire-manifest/overlays/common", StringComparison.Ordinal)
            + $"components: [../../../aspire-manifest/overlays/{component}]\n");
        return Kustomize.Render(copy);
    }
}
