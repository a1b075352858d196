using System.Runtime.InteropServices;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench.Models;

/// <summary>
/// ResNets as torchvision lays them out, batch normalisation folded into the convolutions: opset 13, IR 7, any number of rows. The weights are random,
/// from a seed: how long a run takes does not depend on them.
/// </summary>
internal sealed class ResNet
{
    private const int Classes = 1000;

    // The last convolution of a block is weak, so that what the blocks add up stays finite.
    private const float LastGain = 0.25f;

    private readonly ProtobufWriter _graph = new();
    private readonly Random _random;
    private int _names;

    private ResNet(int seed) => _random = new Random(seed);

    /// <param name="depth">18, 50 or 152.</param>
    public static byte[] Onnx(int depth, int seed)
    {
        var net = new ResNet(seed);
        net.Build(depth switch
        {
            18 => [2, 2, 2, 2],
            50 => [3, 4, 6, 3],
            152 => [3, 8, 36, 3],
            _ => throw new ArgumentOutOfRangeException(nameof(depth)),
        }, bottleneck: depth >= 50);
        return new ProtobufWriter().Number(1, 7).Message(7, net._graph).Message(8, new ProtobufWriter().Text(1, "").Number(2, 13)).ToArray();
    }

    private void Build(int[] blocks, bool bottleneck)
    {
        var x = Relu(Convolve("image", 3, 64, 7, 2));
        x = Node("MaxPool", [x], Integers("kernel_shape", 3, 3), Integers("strides", 2, 2), Integers("pads", 1, 1, 1, 1));
        var channels = 64;
        for (var stage = 0; stage < 4; stage++)
        {
            var width = 64 << stage;
            for (var block = 0; block < blocks[stage]; block++)
                (x, channels) = bottleneck ? Bottleneck(x, channels, width, StrideOf(stage, block)) : Basic(x, channels, width, StrideOf(stage, block));
        }
        x = Node("Flatten", [Node("GlobalAveragePool", [x])]);
        var weights = Weights([Classes, channels], channels, 1);
        var biases = Weights([Classes], channels, 1);
        _graph.Message(1, Node("Gemm", [x, weights, biases], "logits", Integer("transB", 1)));
        _graph.Text(2, "resnet").Message(11, Value("image", 3, 224, 224)).Message(12, Value("logits", Classes));
    }

    private static int StrideOf(int stage, int block) => stage > 0 && block == 0 ? 2 : 1;

    private (string Output, int Channels) Basic(string x, int channels, int width, int stride)
    {
        var y = Relu(Convolve(x, channels, width, 3, stride));
        y = Convolve(y, width, width, 3, 1, LastGain);
        var shortcut = stride == 1 && channels == width ? x : Convolve(x, channels, width, 1, stride);
        return (Relu(Node("Add", [y, shortcut])), width);
    }

    private (string Output, int Channels) Bottleneck(string x, int channels, int width, int stride)
    {
        var wide = 4 * width;
        var y = Relu(Convolve(x, channels, width, 1, 1));
        y = Relu(Convolve(y, width, width, 3, stride));
        y = Convolve(y, width, wide, 1, 1, LastGain);
        var shortcut = stride == 1 && channels == wide ? x : Convolve(x, channels, wide, 1, stride);
        return (Relu(Node("Add", [y, shortcut])), wide);
    }

    private string Relu(string x) => Node("Relu", [x]);

    private string Convolve(string x, int from, int to, int kernel, int stride, float gain = 1)
    {
        var around = kernel / 2;
        var weights = Weights([to, from, kernel, kernel], from * kernel * kernel, gain);
        var biases = Weights([to], from * kernel * kernel, gain);
        return Node("Conv", [x, weights, biases],
            Integers("kernel_shape", kernel, kernel), Integers("strides", stride, stride), Integers("pads", around, around, around, around));
    }

    private string Weights(long[] shape, int inputs, float gain)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        // Uniform, with the variance of He's initialisation: 2 / inputs.
        var most = gain * MathF.Sqrt(6f / inputs);
        for (var i = 0; i < values.Length; i++) values[i] = most * (2 * _random.NextSingle() - 1);

        var name = $"w{_names++}";
        var tensor = new ProtobufWriter();
        foreach (var size in shape) tensor.Number(1, size);
        _graph.Message(5, tensor.Number(2, 1).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));
        return name;
    }

    private string Node(string operation, string[] inputs, params ProtobufWriter[] attributes)
    {
        var output = $"x{_names++}";
        _graph.Message(1, Node(operation, inputs, output, attributes));
        return output;
    }

    private static ProtobufWriter Node(string operation, string[] inputs, string output, params ProtobufWriter[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs) node.Text(1, input);
        node.Text(2, output).Text(4, operation);
        foreach (var attribute in attributes) node.Message(5, attribute);
        return node;
    }

    private static ProtobufWriter Integer(string name, long value) => new ProtobufWriter().Text(1, name).Number(20, 2).Number(3, value);

    private static ProtobufWriter Integers(string name, params long[] values)
    {
        var attribute = new ProtobufWriter().Text(1, name).Number(20, 7);
        foreach (var value in values) attribute.Number(8, value);
        return attribute;
    }

    private static ProtobufWriter Value(string name, params int[] row)
    {
        var shape = new ProtobufWriter().Message(1, new ProtobufWriter().Text(2, "batch"));
        foreach (var size in row) shape.Message(1, new ProtobufWriter().Number(1, size));
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Number(1, 1).Message(2, shape)));
    }
}
