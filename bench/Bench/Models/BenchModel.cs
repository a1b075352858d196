namespace ModelPlatform.Bench.Models;

/// <param name="Folder">What modelctl publishes.</param>
/// <param name="Torch">The name of the same network for the PyTorch peer.</param>
internal sealed record BenchModel(string Name, string Folder, int Side, int Channels, string Torch)
{
    public string Onnx => Path.Combine(Folder, "model.onnx");

    public string Labels => Path.Combine(Folder, "labels.txt");

    public int Elements => Channels * Side * Side;
}
