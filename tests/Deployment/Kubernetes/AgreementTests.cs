using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>What runs in the cluster is what the AppHost declares, with settings that the services know.</summary>
public sealed class AgreementTests
{
    // Read by ASP.NET, Aspire or the telemetry's exporter, or of a section without options of ours.
    private static readonly string[] Foreign = ["ConnectionStrings__models", "services__", "Kestrel__Endpoints__", "ASPNETCORE_", "OTEL_", "HTTP_PORTS", "MODEL_SYNC_HTTP", "POD_NAME"];

    private static readonly JsonObject Manifest =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.Combine("aspire-manifest", "manifest.json")))!["resources"]!.AsObject();

    public static TheoryData<string> Overlays => Kustomize.Overlays;

    private static IEnumerable<(string Name, JsonNode Resource)> Projects =>
        Manifest.Where(resource => resource.Value!["type"]!.ToString() == "project.v0").Select(resource => (resource.Key, resource.Value!));

    [Fact]
    public void The_manifest_has_only_what_every_deployment_tool_understands()
    {
        Assert.Equal(["inference-api", "model-sync"], Projects.Select(project => project.Name).Order());
        Assert.All(Manifest, resource => Assert.Contains(resource.Value!["type"]!.ToString(), new[] { "parameter.v0", "value.v0", "project.v0" }));
        foreach (var (name, resource) in Projects)
        {
            Assert.All(resource["bindings"]!.AsObject(), binding =>
            {
                Assert.Equal("http", binding.Value!["scheme"]!.ToString());
                Assert.Null(binding.Value["port"]);
            });
            Assert.True(File.Exists(RepositoryRoot.Combine("aspire-manifest", resource["path"]!.ToString())), name);
        }
        Assert.Null(Manifest["models-endpoint"].Find("inputs.value.secret"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Ports_are_those_of_the_manifest(string overlay)
    {
        foreach (var (name, resource) in Projects)
        {
            var bindings = resource["bindings"]!.AsObject().ToDictionary(binding => binding.Key, binding => binding.Value!["targetPort"]?.ToString() ?? "8080");
            var container = Kustomize.Single(overlay, "Deployment", name).Container["ports"].Items().ToDictionary(port => port["name"]!.ToString(), port => port["containerPort"]!.ToString());
            var service = Kustomize.Single(overlay, "Service", name).Find("spec.ports").Items().ToDictionary(port => port["name"]!.ToString(), port => port["port"]!.ToString());
            Assert.Equal(bindings, container);
            Assert.Equal(bindings, service);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_variable_of_the_manifest_is_there_and_resolved(string overlay)
    {
        foreach (var (name, resource) in Projects)
        {
            var variables = Settings.Of(overlay, Kustomize.Single(overlay, "Deployment", name));
            foreach (var (variable, _) in resource["env"]!.AsObject())
            {
                Assert.True(variables.TryGetValue(variable, out var value), $"{name} lacks {variable}");
                Assert.DoesNotMatch(@"[{}]|:$|localhost", value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_variable_is_a_setting_that_the_services_know(string overlay)
    {
        foreach (var (name, _) in Projects)
        {
            foreach (var variable in Settings.Of(overlay, Kustomize.Single(overlay, "Deployment", name)).Keys.Where(variable => !Foreign.Any(variable.StartsWith)))
                Assert.True(Settings.Defaults.ContainsKey(variable.Replace("__", ":", StringComparison.Ordinal)), $"{name}: nobody knows {variable}");
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void The_platform_key_comes_from_a_secret_that_no_file_has(string overlay)
    {
        Assert.Empty(Kustomize.Objects(overlay, "Secret"));
        foreach (var (name, _) in Projects)
        {
            var key = Kustomize.Single(overlay, "Deployment", name).Container["env"].Items().Single(variable => variable["name"]!.ToString() == "Platform__Key");
            Assert.Equal("platform-key/platform-key", $"{key.Find("valueFrom.secretKeyRef.name")}/{key.Find("valueFrom.secretKeyRef.key")}");
        }
        Assert.DoesNotMatch("(?i)AccountKey|SharedAccess|sig=|password", string.Concat(Kustomize.Objects(overlay).Select(found => found.Json.ToJsonString())));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Each_service_says_its_name_and_each_replica_its_own(string overlay)
    {
        foreach (var (name, _) in Projects)
        {
            var variables = Settings.Of(overlay, Kustomize.Single(overlay, "Deployment", name));
            Assert.Equal(name, variables["OTEL_SERVICE_NAME"]);
            Assert.Contains("service.instance.id=$(POD_NAME)", variables["OTEL_RESOURCE_ATTRIBUTES"]);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Only_rest_is_reached_from_outside_and_only_with_tls(string overlay)
    {
        var ingress = Assert.Single(Kustomize.Objects(overlay, "Ingress"));
        var rule = Assert.Single(ingress.Find("spec.rules").Items());
        var backend = Assert.Single(rule.Find("http.paths").Items()).Find("backend.service");
        Assert.Equal("inference-api/http", $"{backend.Find("name")}/{backend.Find("port.name")}");
        Assert.Equal(rule["host"]!.ToString(), ingress.Text("spec.tls.0.hosts.0"));
        Assert.All(Kustomize.Objects(overlay, "Service"), service => Assert.Equal("ClusterIP", service.Text("spec.type")));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Grpc_clients_see_every_replica_through_the_headless_service(string overlay)
    {
        var headless = Kustomize.Single(overlay, "Service", "inference-api-headless");
        Assert.Equal("None", headless.Text("spec.clusterIP"));
        Assert.Equal("grpc 8081 grpc", $"{headless.Find("spec.ports.0.name")} {headless.Find("spec.ports.0.port")} {headless.Find("spec.ports.0.targetPort")}");
    }
}
