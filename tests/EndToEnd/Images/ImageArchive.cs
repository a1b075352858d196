using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Images;

/// <summary>An image as <c>./build.sh images</c> leaves it: configuration and layers, none of them read by an engine.</summary>
internal sealed record ImageArchive(string Path, string Tag, JsonNode Configuration, IReadOnlyList<TarEntry> Files)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("IMAGE_ARCHIVES");

    public static string PathOf(string image)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Folder), "IMAGE_ARCHIVES names no folder with images: './build.sh images --test' builds and tests them.");
        return System.IO.Path.Combine(Folder!, $"{image}-linux-x64.tar");
    }

    public static ImageArchive Read(string image)
    {
        var path = PathOf(image);
        var manifest = JsonNode.Parse(Text(path, "manifest.json"))![0]!;
        var files = manifest["Layers"]!.AsArray().SelectMany(layer => Within(path, (string)layer!, FilesOf)).ToList();
        return new ImageArchive(path, (string)manifest["RepoTags"]![0]!, JsonNode.Parse(Text(path, (string)manifest["Config"]!))!["config"]!, files);
    }

    private static string Text(string archive, string name) => Within(archive, name, content => new StreamReader(content).ReadToEnd());

    private static T Within<T>(string archive, string name, Func<Stream, T> read)
    {
        using var tar = new TarReader(File.OpenRead(archive));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name) return read(entry.DataStream!);
        }
        throw new InvalidOperationException($"There is no {name} in {archive}.");
    }

    private static List<TarEntry> FilesOf(Stream layer)
    {
        // Whatever its name says.
        using var tar = new TarReader(new GZipStream(layer, CompressionMode.Decompress));
        var files = new List<TarEntry>();
        while (tar.GetNextEntry() is { } entry) files.Add(entry);
        return files;
    }
}
