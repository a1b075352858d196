using System.Formats.Tar;

namespace ModelPlatform.Tests.EndToEnd.Images;

/// <summary>What an image says of itself, and what is in it.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("inference-api", "/app/ModelPlatform.Inference.dll", "8080/tcp,8081/tcp")]
    [InlineData("model-sync", "/app/ModelPlatform.Sync.dll", "8080/tcp")]
    public void It_runs_as_nobody_in_particular_and_says_where_it_comes_from(string image, string program, string ports)
    {
        var archive = ImageArchive.Read(image);
        var labels = archive.Configuration["Labels"]!.AsObject();

        Assert.Equal("1654", (string?)archive.Configuration["User"]);
        Assert.Equal(["dotnet", program], archive.Configuration["Entrypoint"]!.AsArray().Select(part => (string)part!));
        Assert.Equal(ports, string.Join(',', archive.Configuration["ExposedPorts"]!.AsObject().Select(port => port.Key).Order(StringComparer.Ordinal)));
        Assert.Equal(image, (string?)labels["org.opencontainers.image.title"]);
        foreach (var label in new[] { "version", "revision", "created", "description", "vendor", "base.name", "base.digest" })
            Assert.False(string.IsNullOrEmpty((string?)labels[$"org.opencontainers.image.{label}"]), label);
        Assert.Matches($@"^{image}:\d+\.\d+\.\d+-{((string)labels["org.opencontainers.image.revision"]!)[..12]}(-changed)?$", archive.Tag);
    }

    [Theory]
    [InlineData("inference-api")]
    [InlineData("model-sync")]
    public void It_holds_no_model_no_secret_and_nothing_of_development(string image)
    {
        var names = ImageArchive.Read(image).Files.Select(file => file.Name).Where(name => name.StartsWith("app/", StringComparison.Ordinal)).ToList();

        Assert.Contains("app/appsettings.json", names);
        Assert.DoesNotContain(names, name => Path.GetExtension(name) is ".onnx" or ".pem" or ".pfx" or ".key" or ".env");
        Assert.DoesNotContain(names, name => name.Contains("Development", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("inference-api")]
    [InlineData("model-sync")]
    public void Nothing_in_it_gains_rights_and_there_is_no_shell(string image)
    {
        var files = ImageArchive.Read(image).Files;

        Assert.DoesNotContain(files, file => (file.Mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != 0 && file.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile);
        Assert.DoesNotContain(files, file => Path.GetFileName(file.Name) is "sh" or "bash" or "dash" or "busybox");
    }
}
