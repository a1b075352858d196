using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Infrastructure;

/// <summary>What infra/ makes is what the overlay for AKS and the scripts of a deployment expect.</summary>
public sealed partial class InfrastructureTests
{
    private static string Connect { get; } = File.ReadAllText(RepositoryRoot.Combine("eng", "deploy", "connect"));
    private static string Readme { get; } = File.ReadAllText(RepositoryRoot.Combine("infra", "README.md"));

    // In Bicep's order: identities[0], identities[1].
    private static IReadOnlyList<string> Workloads => [.. Bicep.Template["variables"]!["workloads"].Items().Select(workload => workload.ToString())];

    [Fact]
    public void Every_output_is_taken_over_by_the_name_that_azure_gives_it_back_under()
    {
        var outputs = Bicep.Template["outputs"]!.AsObject().Select(output => output.Key).ToList();
        Assert.All(outputs, output => Assert.Matches("^[a-z][a-z]+([A-Z][a-z]+)*$", output));
        Assert.Equal(outputs.Order(), Outputs().Match(Connect).Groups["names"].Value.Split(' ').Order());
    }

    [Fact]
    public void Each_service_account_is_the_subject_of_an_identity()
    {
        var accounts = Kustomize.Objects(Kustomize.Aks, "ServiceAccount").Select(account => account.Name).ToList();
        Assert.Equal(accounts.Order(), Workloads.Order());
        Assert.Equal(accounts.Order(), Kustomize.Objects(Kustomize.Aks, "Deployment").Select(workload => workload.Pod["serviceAccountName"]!.ToString()).Order());

        var identities = Bicep.Template["resources"]!["identities"]!;
        Assert.Equal("[format('system:serviceaccount:{0}:{1}', parameters('namespace'), variables('workloads')[copyIndex()])]", identities.Find("properties.parameters.subject.value")!.ToString());
        Assert.All(Kustomize.Objects(Kustomize.Aks, "ServiceAccount"), account => Assert.Equal(Bicep.Template.Find("parameters.namespace.defaultValue")!.ToString(), account.Text("metadata.namespace")));
        Assert.Contains("reference('cluster').outputs.issuer", identities.Find("properties.parameters.issuer.value")!.ToString(), StringComparison.Ordinal);
        // The audience of the tokens that AKS mounts.
        Assert.Equal("api://AzureADTokenExchange", identities.Find("properties.parameters.audience.value")!.ToString());
    }

    // Output, what connect makes of it, and whose ServiceAccount has it in the end: azure.env of the example tells them apart by the last digit.
    [Theory]
    [InlineData("inferenceApiClientId", "INFERENCE_API_CLIENT_ID", "inference-api")]
    [InlineData("modelSyncClientId", "MODEL_SYNC_CLIENT_ID", "model-sync")]
    public void Each_client_id_gets_to_its_service_account(string output, string variable, string account)
    {
        var identity = Regex.Match(Bicep.Template["outputs"]![output]!["value"]!.ToString(), @"'identities\[\{0\}\]', (?<index>\d)");
        Assert.Equal(account, Workloads[int.Parse(identity.Groups["index"].Value)]);
        Assert.Contains($"put $overlay/azure.env {variable} \"${{output[{output}]}}\"", Connect, StringComparison.Ordinal);

        var example = File.ReadAllLines(RepositoryRoot.Combine("aspire-manifest", "overlays", "aks", "azure.env")).Single(line => line.StartsWith($"{variable}=", StringComparison.Ordinal)).Split('=')[1];
        var annotations = Kustomize.Single(Kustomize.Aks, "ServiceAccount", account).Find("metadata.annotations").Texts();
        Assert.Equal(example, annotations["azure.workload.identity/client-id"]);
        Assert.Equal("true", Kustomize.Single(Kustomize.Aks, "Deployment", account).PodLabels["azure.workload.identity/use"]);
    }

    // Who, what and where: in Bicep, and in the table of infra/README.md.
    [Theory]
    [InlineData("storage", "reads", "Storage Blob Data Reader", "containers", "identities[{0}]', 0")]
    [InlineData("storage", "writes", "Storage Blob Data Contributor", "containers", "identities[{0}]', 1")]
    [InlineData("storage", "publishes", "Storage Blob Data Contributor", "containers", "variables('me')")]
    [InlineData("events", "[variables('queueDataMessageProcessor')]", "Storage Queue Data Message Processor", "queues", "identities[{0}]', 1")]
    [InlineData("events", "[variables('queueDataMessageSender')]", "Storage Queue Data Message Sender", "queues", null)]   // the topic's own identity
    [InlineData("registry", "pull", "AcrPull", "registries", "kubeletPrincipalId")]
    [InlineData("registry", "push", "AcrPush", "registries", "reference('pipeline')")]
    [InlineData("cluster", "user", "Cluster User", "managedClusters", "reference('pipeline')")]
    [InlineData("cluster", "deploy", "RBAC Cluster Admin", "managedClusters", "reference('pipeline')")]
    [InlineData("cluster", "adminUser", "Cluster User", "managedClusters", "variables('me')")]
    [InlineData("cluster", "administrate", "RBAC Cluster Admin", "managedClusters", "variables('me')")]
    public void Roles_are_those_that_are_needed_and_written_down(string module, string assignment, string role, string scope, string? whose)
    {
        var resource = TemplateResources.All.Single(found => found.Module == module && found.Name == assignment && found.IsRole);
        Assert.Equal(role, resource.Role());
        Assert.Contains(scope, resource.Json["scope"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(role, Readme, StringComparison.Ordinal);
        if (whose is not null) Assert.Contains(whose, resource.Principals(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_role_is_assigned_besides() => Assert.Equal(11, TemplateResources.All.Count(resource => resource.IsRole));

    [Fact]
    public void Addresses_have_the_form_that_the_services_read()
    {
        Assert.StartsWith("[format('Endpoint={0};ContainerName={1}'", Bicep.Template.Find("outputs.modelsConnection.value")!.ToString(), StringComparison.Ordinal);
        var container = TemplateResources.All.Single(resource => resource.Type.EndsWith("/containers", StringComparison.Ordinal));
        Assert.EndsWith("'models')]", container.Json["name"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Endpoint={0};QueueName=model-events", TemplateResources.Module("events").Find("outputs.queue.value")!.ToString(), StringComparison.Ordinal);
        Assert.Contains("'model-events'", TemplateResources.All.Single(resource => resource.Type.EndsWith("/queues", StringComparison.Ordinal)).Json["name"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_cluster_has_what_the_overlay_relies_on()
    {
        var cluster = TemplateResources.All.Single(resource => resource.Type == "Microsoft.ContainerService/managedClusters").Json["properties"]!;
        foreach (var switched in new[] { "oidcIssuerProfile.enabled", "securityProfile.workloadIdentity.enabled", "ingressProfile.webAppRouting.enabled" })
            Assert.True(cluster.Find(switched)!.GetValue<bool>(), switched);
        Assert.Equal("cilium", cluster.Find("networkProfile.networkPolicy")!.ToString());
        Assert.Equal("webapprouting.kubernetes.azure.com", Assert.Single(Kustomize.Objects(Kustomize.Aks, "Ingress")).Text("spec.ingressClassName"));
    }

    // Nobody has a key: neither of the storage account, nor of the registry, nor of the cluster.
    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", false)]
    [InlineData("Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", false)]
    [InlineData("Microsoft.ContainerRegistry/registries", "adminUserEnabled", false)]
    [InlineData("Microsoft.ContainerService/managedClusters", "disableLocalAccounts", true)]
    public void There_are_no_keys(string type, string property, bool value) =>
        Assert.Equal(value, TemplateResources.All.Single(resource => resource.Type == type).Json["properties"]![property]!.GetValue<bool>());

    [Fact]
    public void Names_that_are_taken_worldwide_are_of_small_letters_and_digits_and_of_a_suffix()
    {
        Assert.Equal("[toLower(replace(parameters('name'), '-', ''))]", Bicep.Template.Find("variables.plainName")!.ToString());
        foreach (var module in new[] { "registry", "storage" })
            Assert.Equal("[format('{0}{1}', variables('plainName'), variables('suffix'))]", Bicep.Template["resources"]![module].Find("properties.parameters.name.value")!.ToString());
        // 11 and the 13 of uniqueString are the 24 that a storage account may have.
        Assert.Equal(11, Bicep.Template.Find("parameters.name.maxLength")!.GetValue<int>());
    }

    [Fact]
    public void Every_variable_of_a_pipeline_is_one_that_connect_prints()
    {
        var printed = Printed().Matches(Connect).Select(match => match.Groups["name"].Value).Concat(["HOST", "SMOKE_MODEL"]).ToHashSet();
        var workflows = Directory.GetFiles(RepositoryRoot.Combine(".github", "workflows")).Select(File.ReadAllText).Append(File.ReadAllText(RepositoryRoot.Combine("azure-pipelines.yml")));
        var asked = workflows.SelectMany(text => Asked().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.Contains("AKS_CLUSTER", asked);
        Assert.Subset(printed, asked);
    }

    [GeneratedRegex(@"outputs=\((?<names>[^)]*)\)")] private static partial Regex Outputs();
    [GeneratedRegex(@"^  (?<name>[A-Z_]+)=", RegexOptions.Multiline)] private static partial Regex Printed();
    [GeneratedRegex(@"vars\.(?<name>[A-Z_]+)|\$\((?<name>MODELS_[A-Z_]+)\)|""\$(?<name>(AKS|REGISTRY)[A-Z_]*)""")] private static partial Regex Asked();
}
