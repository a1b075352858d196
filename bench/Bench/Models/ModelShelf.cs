using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Models;

/// <summary>The models and pictures that are measured with, made once and kept in artifacts/bench.</summary>
internal static class ModelShelf
{
    private const string Preprocess =
        """{ "width": 224, "height": 224, "resize": 256, "fit": "crop", "color": "rgb", "layout": "nchw", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225] }""";

    public static string Folder { get; } = RepositoryRoot.Combine("artifacts", "bench");

    /// <summary>A classifier with photographs to go with it, which lies beside the checkout or nowhere.</summary>
    private static string ImageNet { get; } = RepositoryRoot.Combine("..", "shared", "data", "imagenet");

    public static BenchModel Fashion { get; } = new("fashion", RepositoryRoot.Combine("samples", "fashion", "2"), 28, 1, "fashion");

    public static string SmallPng { get; } = RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png");

    public static string SmallJpeg => Path.Combine(Folder, "pictures", "28x28.jpg");

    public static string LargeJpeg => Path.Combine(Folder, "pictures", "500x375.jpg");

    /// <returns>Null where the model is not there.</returns>
    public static BenchModel? SqueezeNet()
    {
        var stored = Path.Combine(ImageNet, "squeezenet1.0-dc-palette.onnx");
        return File.Exists(stored)
            ? Large("squeezenet", "squeezenet1_0", () => File.ReadAllBytes(stored), File.ReadAllText(Path.Combine(ImageNet, "synset.txt")))
            : null;
    }

    /// <param name="seed">Another one makes another version of the same size.</param>
    /// <param name="members">More of model.json, such as its execution; with a name for it.</param>
    public static BenchModel ResNet(int depth, int seed = 0, (string Name, string Json)? members = null)
    {
        var name = $"resnet{depth}";
        var labels = string.Concat(Enumerable.Range(0, 1000).Select(index => $"class {index}\n"));
        return Large(name, name, () => Models.ResNet.Onnx(depth, seed), labels, seed == 0 ? members : ($"seed{seed}", ""));
    }

    private static BenchModel Large(string name, string torch, Func<byte[]> onnx, string labels, (string Name, string Json)? members = null)
    {
        var folder = Path.Combine(Folder, "models", members is { Name: var kind } ? $"{name}-{kind}" : name);
        var model = new BenchModel(name, folder, 224, 3, torch);
        if (File.Exists(Path.Combine(folder, "model.json"))) return model;

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(model.Onnx, onnx());
        File.WriteAllText(model.Labels, labels);
        // Last: a folder that has it is complete.
        var more = members is { Json: { Length: > 0 } json } ? $", {json}" : "";
        File.WriteAllText(Path.Combine(folder, "model.json"), $$"""{ "task": "image-classification", "labels": "labels.txt", "preprocess": {{Preprocess}}{{more}} }""");
        return model;
    }
}
