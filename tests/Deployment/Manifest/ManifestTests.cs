using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace ModelPlatform.Tests.Deployment.Manifest;

/// <summary>recorded.json is what Aspire 13.5 wrote for this application: whatever stands in for it here must write the same.</summary>
public sealed class ManifestTests : IDisposable
{
    private static readonly DirectoryInfo Folder = Directory.CreateTempSubdirectory("manifest-");

    // Types without constructor arguments say where the projects are.
    public ManifestTests() => Folder.Create();

    public void Dispose() => Folder.Delete(recursive: true);

    [Fact]
    public void The_manifest_of_an_application_is_the_recorded_one_byte_for_byte()
    {
        var manifest = Path.Combine(Folder.FullName, "AppHost", "manifest.json");
        AddWebProject("ModelSync");
        AddWebProject("InferenceApi");

        var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", manifest]);
        var endpoint = builder.AddParameter("models-endpoint");
        var models = builder.AddConnectionString("models", ReferenceExpression.Create($"Endpoint={endpoint};ContainerName=models"));
        var sync = builder.AddProject<ModelSync>("modelsync").WithReference(models);
        builder.AddProject<InferenceApi>("inference-api")
            .WithHttpEndpoint(port: 5310, targetPort: 8081, name: "grpc")
            .WithEndpoint("grpc", grpc => grpc.Transport = "http2")
            .WithReference(models)
            .WithReference(sync)
            .WithReplicas(2)
            .WithHttpHealthCheck("/health")
            .WaitFor(sync)
            .WithExternalHttpEndpoints();
        builder.Build().Run();

        Assert.Equal(File.ReadAllBytes(RepositoryRoot.Combine("tests", "Deployment", "Manifest", "recorded.json")), File.ReadAllBytes(manifest));
    }

    [Fact]
    public void A_secret_parameter_is_marked_and_what_is_excluded_is_not_there()
    {
        var manifest = Path.Combine(Folder.FullName, "secret.json");

        var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", manifest]);
        builder.AddParameter("api-key", secret: true);
        builder.AddExecutable("storage", "node", ".").ExcludeFromManifest();
        builder.Build().Run();

        Assert.Equal(
            """
            {
              "resources": {
                "api-key": {
                  "type": "parameter.v0",
                  "value": "{api-key.inputs.value}",
                  "inputs": {
                    "value": {
                      "type": "string",
                      "secret": true
                    }
                  }
                }
              }
            }
            """, File.ReadAllText(manifest));
    }

    private static void AddWebProject(string name)
    {
        var properties = Folder.CreateSubdirectory(Path.Combine(name, "Properties"));
        File.WriteAllText(Path.Combine(properties.Parent!.FullName, $"{name}.csproj"), """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        File.WriteAllText(Path.Combine(properties.FullName, "launchSettings.json"), """{ "profiles": { "http": { "commandName": "Project", "applicationUrl": "http://localhost:5300" } } }""");
    }

    private sealed class ModelSync : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(Folder.FullName, "ModelSync", "ModelSync.csproj");
    }

    private sealed class InferenceApi : IProjectMetadata
    {
        public string ProjectPath => Path.Combine(Folder.FullName, "InferenceApi", "InferenceApi.csproj");
    }
}
