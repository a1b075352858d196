using System.Diagnostics;

namespace ModelPlatform.Tests.Deployment.Manifest;

/// <summary>What aspirate 9.1 gave to templates for the recorded manifest: whatever stands in for it here must give the same.</summary>
public sealed class GenerationTests : IDisposable
{
    // Inside the repository, where the tool's manifest is found.
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(RepositoryRoot.Combine("artifacts", "tests", $"aspirate-{Guid.NewGuid():n}"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Templates_get_what_was_recorded()
    {
        var host = _folder.CreateSubdirectory("AppHost");
        File.WriteAllText(Path.Combine(host.FullName, "aspirate.json"), """{ "TemplatePath": "./templates" }""");
        File.Copy(RepositoryRoot.Combine("tests", "Deployment", "Manifest", "recorded.json"), Path.Combine(host.FullName, "manifest.json"));
        foreach (var project in new[] { "ModelSync", "InferenceApi" })
            File.WriteAllText(Path.Combine(_folder.CreateSubdirectory(project).FullName, $"{project}.csproj"), """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        Write(host, "deployment", "{{name}} {{{containerImage}}} {{imagePullPolicy}} {{serviceType}} {{#if hasAnySecrets}}secrets{{/if}}{{#if hasPorts}}{{#each ports}}[{{name}} {{internalPort}} {{externalPort}}]{{/each}}{{/if}}");
        Write(host, "service", "{{#each env}}{{@key}}={{{this}}}|{{/each}}");
        Write(host, "kustomization", "{{namespace}}:{{#each manifests}} {{this}}{{/each}}");
        Write(host, "namespace", "{{namespace}}");

        RunTool(host, "tool", "restore", "--tool-manifest", RepositoryRoot.Combine(".config", "dotnet-tools.json"));
        RunTool(host, "aspirate", "generate", "--non-interactive", "--disable-secrets", "--disable-state", "--skip-build", "--include-dashboard", "false", "--image-pull-policy", "IfNotPresent",
            "--namespace", "models", "--container-registry", "registry.example", "--container-image-tag", "1.2.3", "--parameter", "models-endpoint=https://acct.blob.core.windows.net/",
            "--aspire-manifest", "manifest.json", "--output-path", "output");

        string Generated(params string[] path) => File.ReadAllText(Path.Combine([host.FullName, "output", .. path]));
        Assert.Equal("models: modelsync inference-api namespace.yaml", Generated("kustomization.yaml"));
        Assert.Equal("models", Generated("namespace.yaml"));
        Assert.Equal(": deployment.yaml service.yaml", Generated("inference-api", "kustomization.yaml"));
        Assert.Equal("inference-api registry.example/inference-api:1.2.3 IfNotPresent ClusterIP [http 8080 8080][https 8443 8443][grpc 8081 5310]", Generated("inference-api", "deployment.yaml"));
        Assert.Equal(
            "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY=in_memory|ASPNETCORE_FORWARDEDHEADERS_ENABLED=true|HTTP_PORTS=8080;8081|"
            + "ConnectionStrings__models=Endpoint=https://acct.blob.core.windows.net/;ContainerName=models|MODELSYNC_HTTP=http://modelsync:8080|services__modelsync__http__0=http://modelsync:8080|",
            Generated("inference-api", "service.yaml"));
        Assert.Equal("modelsync registry.example/modelsync:1.2.3 IfNotPresent ClusterIP [http 8080 8080][https 8443 8443]", Generated("modelsync", "deployment.yaml"));
    }

    private static void Write(DirectoryInfo host, string name, string template) =>
        File.WriteAllText(Path.Combine(host.CreateSubdirectory("templates").FullName, $"{name}.hbs"), template);

    // As build.sh does: where a tool is is noted in the home folder, and a stand-in must not be.
    private static void RunTool(DirectoryInfo folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        var config = RepositoryRoot.Combine("nuget.config");
        if (File.Exists(config)) start.Environment["DOTNET_CLI_HOME"] = RepositoryRoot.Combine("artifacts", "tools");
        if (File.Exists(config) && arguments is ["tool", ..])
        {
            start.ArgumentList.Add("--configfile");
            start.ArgumentList.Add(config);
        }
        using var process = Process.Start(start)!;
        var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {text}{complaints.Result}");
    }
}
