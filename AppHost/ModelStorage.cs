using System.ComponentModel;
using System.Diagnostics;

namespace ModelPlatform.AppHost;

/// <summary>The Blob container that holds the models: an emulator in run mode, a parameter's endpoint when published.</summary>
internal static class ModelStorage
{
    private const int BlobPort = 10000;

    // The emulator's one account and its key are the same everywhere and documented: no secret.
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static IResourceBuilder<IResourceWithConnectionString> AddModelStorage(this IDistributedApplicationBuilder builder, string container, bool keep)
    {
        if (builder.ExecutionContext.IsPublishMode) return builder.AddPublishedStorage(container);
        var azurite = Path.GetFullPath("../eng/azurite", builder.AppHostDirectory);
        var installed = Directory.Exists(Path.Combine(azurite, "node_modules", "azurite"));
        return builder.Configuration["Storage:Emulator"] switch
        {
            "npm" => builder.AddNpmEmulator(container, azurite, keep),
            "container" => builder.AddContainerEmulator(container, keep),
            null when installed => builder.AddNpmEmulator(container, azurite, keep),
            null when HasContainerRuntime() => builder.AddContainerEmulator(container, keep),
            null => throw Stop(
                "No storage emulator: neither is Azurite installed (run \"npm ci\" in eng/azurite, as ./build.sh run does), nor does a container runtime answer (start Docker or Podman)."),
            var other => throw Stop($"Storage:Emulator is \"npm\" or \"container\", not \"{other}\"."),
        };
    }

    private static IResourceBuilder<ConnectionStringResource> AddPublishedStorage(this IDistributedApplicationBuilder builder, string container)
    {
        var endpoint = builder.AddParameter("models-endpoint");
        return builder.AddConnectionString(container, ReferenceExpression.Create($"Endpoint={endpoint};ContainerName={container}"));
    }

    private static IResourceBuilder<ConnectionStringResource> AddNpmEmulator(this IDistributedApplicationBuilder builder, string container, string azurite, bool keep)
    {
        string[] place = keep ? ["--location", Path.Combine(azurite, "data")] : ["--inMemoryPersistence"];
        var storage = builder.AddExecutable("storage", "node", azurite, "node_modules/azurite/dist/src/blob/main.js", "--blobHost", "127.0.0.1")
            .WithArgs(place)
            .WithArgs("--skipApiVersionCheck", "--disableTelemetry", "--silent")
            .WithHttpEndpoint(port: BlobPort, name: "blob")
            .WithHttpHealthCheck("/", statusCode: 400, endpointName: "blob");   // what it answers to a request without an operation
        var blob = storage.GetEndpoint("blob");
        storage.WithArgs("--blobPort", blob.Property(EndpointProperty.TargetPort));
        var address = ReferenceExpression.Create(
            $"Endpoint=\"DefaultEndpointsProtocol=http;{Account};BlobEndpoint=http://{blob.Property(EndpointProperty.IPV4Host)}:{blob.Property(EndpointProperty.Port)}/devstoreaccount1;\";ContainerName={container}");
        return builder.AddConnectionString(container, address).WaitFor(storage);
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddContainerEmulator(this IDistributedApplicationBuilder builder, string container, bool keep)
    {
        var storage = builder.AddAzureStorage("storage").RunAsEmulator(emulator =>
        {
            emulator.WithBlobPort(BlobPort);
            if (keep) emulator.WithDataVolume("modelplatform-storage");
        });
        return storage.AddBlobContainer(container);
    }

    // One line says it all: no stack trace beneath it.
    private static InvalidOperationException Stop(string message)
    {
        Console.Error.WriteLine(message);
        Environment.Exit(1);
        return new(message);
    }

    private static bool HasContainerRuntime() => Answers("docker") || Answers("podman");

    private static bool Answers(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, ["version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception) { return false; }   // no such program
    }
}
