using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Infrastructure;

/// <summary>What Azure's own compiler makes of infra/: what 'az deployment group create' sends.</summary>
internal static class Bicep
{
    private static readonly Lazy<JsonNode> Compiled = new(() => JsonNode.Parse(JsonNode.Parse(Build())!["templateJson"]!.ToString())!);

    public static JsonNode Template => Compiled.Value;

    public static string Program()
    {
        var packages = RepositoryRoot.Combine("artifacts", "lint", "packages", "azure.bicep.commandline.linux-x64");
        var program = Directory.Exists(packages) ? Directory.GetFiles(packages, "bicep", SearchOption.AllDirectories).SingleOrDefault() : null;
        Assert.SkipWhen(program is null, "There is no Bicep; ./build.sh test deployment installs it on Linux x64.");
        return program!;
    }

    private static string Build()
    {
        var start = new ProcessStartInfo(Program(), ["build-params", RepositoryRoot.Combine("infra", "main.bicepparam"), "--stdout"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var compiler = Process.Start(start)!;
        var template = compiler.StandardOutput.ReadToEnd();
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        return template;
    }
}
