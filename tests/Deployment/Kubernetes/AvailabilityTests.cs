using System.Globalization;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>A rollout, a drained node and a restart interrupt nobody.</summary>
public sealed class AvailabilityTests
{
    // What a service does after its last answer (Draining.Tidying), and the host's patience where nothing says otherwise.
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(30);

    // Where the collector is away a process took 11 s to end after everything else was done.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(15);

    public static TheoryData<string> Overlays => Kustomize.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_rollout_takes_no_pod_away_before_another_one_serves(string overlay)
    {
        var api = Kustomize.Single(overlay, "Deployment", "inference-api");
        Assert.Equal("RollingUpdate", api.Text("spec.strategy.type"));
        Assert.Equal("0", api.Text("spec.strategy.rollingUpdate.maxUnavailable"));
        Assert.NotEqual("0", api.Text("spec.strategy.rollingUpdate.maxSurge"));
    }

    // The leader alone is ready, and a new pod becomes it only after the old one is gone.
    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_rollout_of_the_leader_waits_for_no_standby(string overlay)
    {
        var sync = Kustomize.Single(overlay, "Deployment", "model-sync");
        Assert.Equal("2", sync.Text("spec.replicas"));
        Assert.Equal(("RollingUpdate", "100%", "100%"),
            (sync.Text("spec.strategy.type"), sync.Text("spec.strategy.rollingUpdate.maxUnavailable"), sync.Text("spec.strategy.rollingUpdate.maxSurge")));
        Assert.Equal($"{int.MaxValue}", sync.Text("spec.progressDeadlineSeconds"));     // none
        Assert.Equal("/health", sync.Container.Find("readinessProbe.httpGet.path")!.ToString());
        Assert.Equal("/alive", sync.Container.Find("livenessProbe.httpGet.path")!.ToString());
        Assert.NotEqual("true", Kustomize.Single(overlay, "Service", "model-sync").Find("spec.publishNotReadyAddresses")?.ToString());
        Assert.Equal("$(POD_NAME)", Settings.Of(overlay, sync)["Leader__Instance"]);
    }

    // A budget counts ready pods: any that keeps one would keep the leader's node from being drained.
    [Theory]
    [MemberData(nameof(Overlays))]
    public void The_leader_can_be_evicted(string overlay) =>
        Assert.DoesNotContain(Kustomize.Objects(overlay, "PodDisruptionBudget"), budget => budget.Text("spec.selector.matchLabels.app") == "model-sync");

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_pod_that_is_told_to_go_has_the_time_to_finish(string overlay)
    {
        var api = Kustomize.Single(overlay, "Deployment", "inference-api");
        Assert.True(Grace(api) > Pause(api) + SettingOf(overlay, api, "Drain:Pause") + SettingOf(overlay, api, "Limits:Deadline") + Tidying + LastWords, $"{Grace(api)}");

        var sync = Kustomize.Single(overlay, "Deployment", "model-sync");
        Assert.True(Grace(sync) > Pause(sync) + HostPatience + LastWords, $"{Grace(sync)}");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Readiness_is_withdrawn_sooner_than_a_replica_stops_to_listen(string overlay)
    {
        var api = Kustomize.Single(overlay, "Deployment", "inference-api");
        Assert.True(Pause(api) >= TimeSpan.FromSeconds(5));
        Assert.Equal("/v2/health/ready", api.Container.Find("readinessProbe.httpGet.path")!.ToString());
        Assert.Equal("/v2/health/live", api.Container.Find("livenessProbe.httpGet.path")!.ToString());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_rollout_waits_for_the_largest_model_and_a_slow_start_is_not_killed(string overlay)
    {
        var api = Kustomize.Single(overlay, "Deployment", "inference-api");
        var startup = Seconds(api.Container.Find("startupProbe.periodSeconds")) * Seconds(api.Container.Find("startupProbe.failureThreshold"));
        Assert.True(startup >= 120, $"{startup}");
        Assert.True(TimeSpan.FromSeconds(Seconds(api.Find("spec.progressDeadlineSeconds"))) > SettingOf(overlay, api, "Readiness:LoadTimeout"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void The_autoscaler_alone_says_how_many_replicas_there_are(string overlay)
    {
        var scaler = Assert.Single(Kustomize.Objects(overlay, "HorizontalPodAutoscaler"));
        Assert.Equal("Deployment/inference-api", $"{scaler.Find("spec.scaleTargetRef.kind")}/{scaler.Find("spec.scaleTargetRef.name")}");
        Assert.Null(Kustomize.Single(overlay, "Deployment", "inference-api").Find("spec.replicas"));
        Assert.True(Seconds(scaler.Find("spec.minReplicas")) >= 2);
        Assert.True(Seconds(scaler.Find("spec.behavior.scaleDown.stabilizationWindowSeconds")) >= 120);
    }

    [Fact]
    public void Keda_takes_the_place_of_the_autoscaler()
    {
        var overlay = Directory.CreateDirectory(RepositoryRoot.Combine("artifacts", "tests", "keda"));
        File.WriteAllText(Path.Combine(overlay.FullName, "kustomization.yaml"), $"""
            resources: [../../../aspire-manifest/overlays/{Kustomize.Aks}]
            components: [../../../aspire-manifest/overlays/keda]
            """);

        var objects = Kustomize.Render(overlay.FullName);

        Assert.DoesNotContain(objects, found => found.Kind == "HorizontalPodAutoscaler");
        var scaler = Assert.Single(objects, found => found.Kind == "ScaledObject");
        Assert.Equal("Deployment/inference-api", $"{scaler.Find("spec.scaleTargetRef.kind")}/{scaler.Find("spec.scaleTargetRef.name")}");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_drained_node_takes_fewer_pods_than_there_are(string overlay)
    {
        var budget = Assert.Single(Kustomize.Objects(overlay, "PodDisruptionBudget"));
        var least = Seconds(Kustomize.Objects(overlay, "HorizontalPodAutoscaler").Single().Find("spec.minReplicas"));
        Assert.Null(budget.Find("spec.minAvailable"));
        Assert.InRange(Seconds(budget.Find("spec.maxUnavailable")), 1, least - 1);
        Assert.Equal(Kustomize.Single(overlay, "Deployment", "inference-api").Find("spec.selector")!.ToJsonString(), budget.Find("spec.selector")!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Replicas_are_spread_over_zones_and_nodes(string overlay)
    {
        foreach (var service in Services(overlay))
            Assert.Equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"], service.Pod["topologySpreadConstraints"].Items().Select(constraint => constraint["topologyKey"]!.ToString()));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void What_changes_the_configuration_rolls_the_pods(string overlay)
    {
        foreach (var service in Services(overlay))
        {
            var map = Assert.Single(service.Container["envFrom"].Items()).Find("configMapRef.name")!.ToString();
            Assert.Matches($"^{service.Name}-env-[a-z0-9]{{10}}$", map);
            Assert.Contains(Kustomize.Objects(overlay, "ConfigMap"), found => found.Name == map);
        }
    }

    private static IEnumerable<KubernetesObject> Services(string overlay) => Kustomize.Objects(overlay, "Deployment").Where(workload => workload.Name != "storage");

    private static TimeSpan Grace(KubernetesObject workload) => TimeSpan.FromSeconds(Seconds(workload.Pod["terminationGracePeriodSeconds"]));

    private static TimeSpan Pause(KubernetesObject workload) => TimeSpan.FromSeconds(Seconds(workload.Container.Find("lifecycle.preStop.sleep.seconds")));

    private static long Seconds(System.Text.Json.Nodes.JsonNode? number) => number?.GetValue<long>() ?? 0;

    // What the pod is told, else the default as docs/operations.md has it from the code.
    private static TimeSpan SettingOf(string overlay, KubernetesObject workload, string name)
    {
        var told = Settings.Of(overlay, workload).GetValueOrDefault(name.Replace(":", "__", StringComparison.Ordinal));
        return TimeSpan.Parse(told ?? Settings.Defaults[name], CultureInfo.InvariantCulture);
    }
}
