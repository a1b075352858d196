using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

public sealed class SchemaTests
{
    private static readonly Lazy<OpenApiSchemas> Schemas = new(() =>
    {
        var folder = RepositoryRoot.Combine("..", "shared", "data", "k8s-openapi");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} with the schemas of the Kubernetes API is not there.");
        return new OpenApiSchemas(folder);
    });

    public static TheoryData<string> Overlays => Kustomize.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_object_is_as_the_api_describes_it(string overlay) =>
        Assert.Empty(Kustomize.Objects(overlay).SelectMany(found => Schemas.Value.ProblemsOf(found.Json)));

    [Theory]
    [InlineData("spec.replica", "3", ".replica is unknown")]
    [InlineData("spec.template.spec.containers.0.port", "[]", ".port is unknown")]
    [InlineData("spec.minReadySeconds", "\"5\"", "is no integer")]
    [InlineData("spec.template.spec.containers.0.readinessProbe.httpGet.port", "true", "none of the possible types")]
    [InlineData("spec.selector", null, ".selector is missing")]
    [InlineData("spec.template.spec.containers.0.name", null, ".name is missing")]
    [InlineData("kind", "\"Deploiment\"", "There is no Deploiment")]
    [InlineData("apiVersion", "\"extensions/v1beta1\"", "There is no Deployment")]
    public void A_wrong_object_is_refused(string path, string? value, string problem)
    {
        var deployment = (JsonObject)Kustomize.Single(Kustomize.Aks, "Deployment", "inference-api").Json.DeepClone();
        var last = path.LastIndexOf('.');
        var parent = (JsonObject)(last < 0 ? deployment : deployment.Find(path[..last]))!;
        if (value is null) parent.Remove(path[(last + 1)..]);
        else parent[path[(last + 1)..]] = JsonNode.Parse(value);

        Assert.Contains(Schemas.Value.ProblemsOf(deployment), found => found.Contains(problem, StringComparison.Ordinal));
    }
}
