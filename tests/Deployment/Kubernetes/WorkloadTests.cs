using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>What every workload must have, whoever wrote it.</summary>
public sealed class WorkloadTests
{
    public static TheoryData<string> Overlays => Kustomize.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_container_has_three_probes_on_ports_that_it_names(string overlay)
    {
        foreach (var workload in Workloads(overlay))
        {
            var ports = workload.Container["ports"].Items().Select(port => port["name"]!.ToString()).ToHashSet();
            foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
            {
                var asked = workload.Container.Find($"{probe}.httpGet.port") ?? workload.Container.Find($"{probe}.tcpSocket.port");
                Assert.True(asked is not null && ports.Contains(asked.ToString()), $"{workload}: {probe} asks {asked}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_pod_keeps_to_the_restricted_standard(string overlay)
    {
        foreach (var workload in Workloads(overlay))
        {
            var (pod, container) = (workload.Pod, workload.Container);
            Assert.Equal("True", pod.Find("securityContext.runAsNonRoot")?.ToString(), ignoreCase: true);
            Assert.Equal("1654", pod.Find("securityContext.runAsUser")?.ToString());
            Assert.Equal("RuntimeDefault", pod.Find("securityContext.seccompProfile.type")?.ToString());
            Assert.Equal("False", pod["automountServiceAccountToken"]?.ToString(), ignoreCase: true);
            Assert.Equal("False", container.Find("securityContext.allowPrivilegeEscalation")?.ToString(), ignoreCase: true);
            Assert.Equal("True", container.Find("securityContext.readOnlyRootFilesystem")?.ToString(), ignoreCase: true);
            Assert.Equal("ALL", Assert.Single(container.Find("securityContext.capabilities.drop").Items()).ToString());
            foreach (var forbidden in new[] { "hostNetwork", "hostPID", "hostIPC", "initContainers" }) Assert.Null(pod[forbidden]);
        }
        Assert.Equal("restricted", Assert.Single(Kustomize.Objects(overlay, "Namespace")).Json["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]!.ToString());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_container_says_what_it_needs_and_what_it_may_have(string overlay)
    {
        foreach (var workload in Workloads(overlay))
        {
            foreach (var resource in new[] { "cpu", "memory" })
            {
                var (request, limit) = (Quantity.Of(workload.Container.Find($"resources.requests.{resource}")), Quantity.Of(workload.Container.Find($"resources.limits.{resource}")));
                Assert.True(request > 0 && request <= limit, $"{workload}: {resource} {request} of {limit}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_writable_place_is_mounted_bounded_and_declared(string overlay)
    {
        foreach (var workload in Workloads(overlay))
        {
            var mounted = workload.Container["volumeMounts"].Items().Select(mount => mount["name"]!.ToString()).ToHashSet();
            foreach (var volume in workload.Pod["volumes"].Items())
            {
                Assert.Contains(volume["name"]!.ToString(), mounted);
                Assert.True(volume["persistentVolumeClaim"] is not null || volume.Find("emptyDir.sizeLimit") is not null, $"{workload}: {volume["name"]} has no limit");
            }
            Assert.Equal(mounted.Count, workload.Pod["volumes"].Items().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_image_has_a_tag_that_says_which_one_it_is(string overlay)
    {
        foreach (var workload in Workloads(overlay))
        {
            var image = workload.Container["image"]!.ToString();
            Assert.Matches("^[^:@]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})$", image);
            Assert.DoesNotContain(":latest", image, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_selector_finds_pods(string overlay)
    {
        foreach (var workload in Workloads(overlay)) Assert.True(Matches(workload.Find("spec.selector.matchLabels"), workload), $"{workload}");
        foreach (var service in Kustomize.Objects(overlay, "Service"))
        {
            var workload = Assert.Single(Workloads(overlay), workload => Matches(service.Find("spec.selector"), workload));
            var names = workload.Container["ports"].Items().Select(port => port["name"]!.ToString()).ToHashSet();
            foreach (var port in service.Find("spec.ports").Items()) Assert.Contains(port["targetPort"]!.ToString(), names);
        }
        foreach (var spread in Workloads(overlay).SelectMany(workload => workload.Pod["topologySpreadConstraints"].Items().Select(spread => (workload, spread))))
            Assert.True(Matches(spread.spread.Find("labelSelector.matchLabels"), spread.workload), $"{spread.workload}");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Nothing_is_named_twice_where_names_must_differ(string overlay)
    {
        foreach (var workload in Workloads(overlay))
        {
            AssertDistinct(workload.Container["env"].Items().Select(variable => variable["name"]!.ToString()));
            AssertDistinct(workload.Container["ports"].Items().Select(port => port["containerPort"]!.ToString()));
        }
        foreach (var service in Kustomize.Objects(overlay, "Service")) AssertDistinct(service.Find("spec.ports").Items().Select(port => port["port"]!.ToString()));
        AssertDistinct(Kustomize.Objects(overlay).Select(found => found.ToString()));
    }

    // Of what the API server refuses and its schemas do not say.
    [Theory]
    [MemberData(nameof(Overlays))]
    public void Names_labels_and_ports_are_ones_that_the_api_takes(string overlay)
    {
        foreach (var found in Kustomize.Objects(overlay))
        {
            Assert.Matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", found.Name);
            Assert.All(found.Find("metadata.labels").Texts().Values, value => Assert.Matches("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$", value));
            if (found.Kind != "Namespace") Assert.Equal("modelplatform", found.Text("metadata.namespace"));
        }
        foreach (var port in Workloads(overlay).SelectMany(workload => workload.Container["ports"].Items())) Assert.Matches("^[a-z][-a-z0-9]{0,14}$", port["name"]!.ToString());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_account_that_a_pod_runs_as_is_there_and_named_like_it(string overlay)
    {
        var accounts = Kustomize.Objects(overlay, "ServiceAccount").Select(account => account.Name).ToHashSet();
        foreach (var workload in Workloads(overlay).Where(workload => workload.Name != "storage"))
        {
            Assert.Equal(workload.Name, workload.Pod["serviceAccountName"]!.ToString());
            Assert.Contains(workload.Name, accounts);
        }
    }

    [Fact]
    public void On_aks_registry_tags_host_and_identities_are_those_of_one_file()
    {
        var azure = File.ReadLines(RepositoryRoot.Combine("aspire-manifest", "overlays", Kustomize.Aks, "azure.env")).Where(line => line.Contains('=', StringComparison.Ordinal))
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        foreach (var workload in Workloads(Kustomize.Aks))
        {
            Assert.Equal($"{azure["REGISTRY"]}/{workload.Name}:{azure["IMAGE_TAG"]}", workload.Container["image"]!.ToString());
            Assert.Equal("true", workload.PodLabels["azure.workload.identity/use"]);
            var account = Kustomize.Single(Kustomize.Aks, "ServiceAccount", workload.Name).Find("metadata.annotations").Texts();
            Assert.Equal(azure[$"{workload.Name.Replace('-', '_').ToUpperInvariant()}_CLIENT_ID"], account["azure.workload.identity/client-id"]);
        }
        Assert.Equal(azure["HOST"], Kustomize.Objects(Kustomize.Aks, "Ingress").Single().Text("spec.rules.0.host"));
    }

    private static IEnumerable<KubernetesObject> Workloads(string overlay) => Kustomize.Objects(overlay, "Deployment");

    private static bool Matches(JsonNode? selector, KubernetesObject workload) => selector.Texts() is { Count: > 0 } wanted && wanted.All(label => workload.PodLabels.Contains(label));

    private static void AssertDistinct(IEnumerable<string> names) => Assert.Empty(names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key));
}
