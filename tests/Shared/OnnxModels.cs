using System.Runtime.InteropServices;

namespace ModelPlatform.Tests.Shared;

/// <summary>Small real ONNX models (onnx.proto3, IR 8, opset 13) and broken ones.</summary>
internal static class OnnxModels
{
    public const int Float = 1;
    public const int Float16 = 10;
    public const int BFloat16 = 16;
    public const int String = 8;
    private const int Int64 = 7;
    private const int Bool = 9;

    /// <summary>y = x × factor, with x and y FP32 [-1, width].</summary>
    public static byte[] Times(float factor, int width = 2, string input = "x", string output = "y", long version = 8, long opset = 13) => Model(new ProtobufWriter()
        .Message(1, Node("Mul", [input, "factor"], [output]))
        .Text(2, "times")
        .Message(5, Floats("factor", [1], [factor]))
        .Message(11, Value(input, Float, -1, width))
        .Message(12, Value(output, Float, -1, width)), version, opset);

    /// <summary>A classifier of 2×2 grey pictures into as many classes as there are biases: the bias decides, whatever is on the picture.</summary>
    public static byte[] Classifier(params float[] biases) => Model(new ProtobufWriter()
        .Message(1, Node("Flatten", ["image"], ["flat"]))
        .Message(1, Node("MatMul", ["flat", "weights"], ["products"]))
        .Message(1, Node("Add", ["products", "biases"], ["logits"]))
        .Text(2, "classifier")
        .Message(5, Floats("weights", [4, biases.Length], new float[4 * biases.Length]))
        .Message(5, Floats("biases", [biases.Length], biases))
        .Message(11, Value("image", Float, -1, 1, 2, 2))
        .Message(12, Value("logits", Float, -1, biases.Length)));

    /// <summary>As <see cref="Classifier"/>, of two equal classes; the scores of a black picture, and of no other, are NaN.</summary>
    public static byte[] NaNForBlack() => Model(new ProtobufWriter()
        .Message(1, Node("Flatten", ["image"], ["flat"]))
        .Message(1, Node("MatMul", ["flat", "weights"], ["sums"]))
        .Message(1, Node("Add", ["sums", "less"], ["lessened"]))
        .Message(1, Node("Sqrt", ["lessened"], ["logits"]))
        .Text(2, "roots")
        .Message(5, Floats("weights", [4, 2], [1, 1, 1, 1, 1, 1, 1, 1]))
        .Message(5, Floats("less", [1], [-0.001f]))
        .Message(11, Value("image", Float, -1, 1, 2, 2))
        .Message(12, Value("logits", Float, -1, 2)));

    /// <summary>The mean colour of each quarter of an 8×8 picture: 12 scores, red of the four quarters first.</summary>
    public static byte[] Quarters() => Model(new ProtobufWriter()
        .Message(1, Node("AveragePool", ["image"], ["means"]).Message(5, Integers("kernel_shape", 4, 4)).Message(5, Integers("strides", 4, 4)))
        .Message(1, Node("Flatten", ["means"], ["scores"]))
        .Text(2, "quarters")
        .Message(11, Value("image", Float, -1, 3, 8, 8))
        .Message(12, Value("scores", Float, -1, 12)));

    /// <summary>The mean of each channel of any input of rank 4, as [batch, channels].</summary>
    public static byte[] Means(params int[] shape) => Model(new ProtobufWriter()
        .Message(1, Node("GlobalAveragePool", ["x"], ["means"]))
        .Message(1, Node("Flatten", ["means"], ["y"]))
        .Text(2, "means")
        .Message(11, Value("x", Float, shape))
        .Message(12, Value("y", Float, shape[0], shape[1])));

    /// <summary>As <see cref="Means"/>, of rank 4 as well: what some exporters end a classifier in.</summary>
    public static byte[] PooledMeans(params int[] shape) => Model(new ProtobufWriter()
        .Message(1, Node("GlobalAveragePool", ["x"], ["y"]))
        .Text(2, "pooled means")
        .Message(11, Value("x", Float, shape))
        .Message(12, Value("y", Float, shape[0], shape[1], 1, 1)));

    /// <summary>Gives a picture for a picture.</summary>
    public static byte[] Negative(params int[] shape) => Model(new ProtobufWriter()
        .Message(1, Node("Neg", ["x"], ["y"]))
        .Text(2, "negative")
        .Message(11, Value("x", Float, shape))
        .Message(12, Value("y", Float, shape)));

    /// <summary>As <see cref="Classifier"/>, ending in a softmax of its own.</summary>
    public static byte[] SoftmaxClassifier() => Model(new ProtobufWriter()
        .Message(1, Node("Flatten", ["image"], ["flat"]))
        .Message(1, Node("Softmax", ["flat"], ["probabilities"]))
        .Text(2, "softmax")
        .Message(11, Value("image", Float, -1, 1, 2, 2))
        .Message(12, Value("probabilities", Float, -1, 4)));

    /// <summary>Doubles integers: every element type has its way through the protocol.</summary>
    public static byte[] Sum(int elementType) => Model(new ProtobufWriter()
        .Message(1, Node("Add", ["x", "x"], ["y"]))
        .Text(2, "sum")
        .Message(11, Value("x", elementType, -1))
        .Message(12, Value("y", elementType, -1)));

    /// <summary>Gives back what it gets, [-1, 2] of any element type.</summary>
    public static byte[] Same(int elementType) => Model(new ProtobufWriter()
        .Message(1, Node("Identity", ["x"], ["y"]))
        .Text(2, "same")
        .Message(11, Value("x", elementType, -1, 2))
        .Message(12, Value("y", elementType, -1, 2)));

    /// <summary>Gives back what it gets, [-1, 2] of many element types at once.</summary>
    public static byte[] SameOfEach(IEnumerable<(string Input, string Output, int ElementType)> tensors)
    {
        var graph = new ProtobufWriter().Text(2, "same of each");
        foreach (var (input, output, elementType) in tensors)
        {
            graph.Message(1, Node("Identity", [input], [output])).Message(11, Value(input, elementType, -1, 2)).Message(12, Value(output, elementType, -1, 2));
        }
        return Model(graph);
    }

    /// <summary>y = "hello " + x, texts [-1, 2].</summary>
    public static byte[] Greeting() => Model(
        new ProtobufWriter()
            .Message(1, Node("StringConcat", ["hello", "x"], ["y"]))
            .Text(2, "greeting")
            .Message(5, new ProtobufWriter().Number(1, 1).Number(2, String).Text(8, "hello").Bytes(6, "hello "u8.ToArray()))
            .Message(11, Value("x", String, -1, 2))
            .Message(12, Value("y", String, -1, 2)),
        version: 9, opset: 20);

    /// <summary>y = a × b, with any number of elements each: those that do not go together fail in the run.</summary>
    public static byte[] Product() => Model(new ProtobufWriter()
        .Message(1, Node("Mul", ["a", "b"], ["y"]))
        .Text(2, "product")
        .Message(11, Value("a", Float, -1))
        .Message(11, Value("b", Float, -1))
        .Message(12, Value("y", Float, -1)));

    /// <summary>Each row is the sum of all rows up to it.</summary>
    public static byte[] RunningSum() => Model(new ProtobufWriter()
        .Message(1, Node("CumSum", ["x", "axis"], ["y"]))
        .Text(2, "running sum")
        .Message(5, new ProtobufWriter().Number(2, Int64).Text(8, "axis").Bytes(9, BitConverter.GetBytes(0L)))
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Float, -1, 2)));

    /// <summary>The softmax of each column over all rows.</summary>
    public static byte[] SoftmaxOverRows() => Model(new ProtobufWriter()
        .Message(1, Node("Softmax", ["x"], ["y"]).Message(5, new ProtobufWriter().Text(1, "axis").Number(20, 2).Number(3, 0)))
        .Text(2, "softmax over rows")
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Float, -1, 2)));

    /// <summary>Where x is not zero: as many rows as there are such places.</summary>
    public static byte[] Places() => Model(new ProtobufWriter()
        .Message(1, Node("NonZero", ["x"], ["places"]))
        .Message(1, Node("Transpose", ["places"], ["y"]))
        .Text(2, "places")
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Int64, -1, 2)));

    /// <summary>Goes round a loop as often as the input says, INT64 [1], and answers with it: a run as long as a test needs.</summary>
    public static byte[] Spin()
    {
        var body = new ProtobufWriter()
            .Message(1, Node("Identity", ["go"], ["goOn"]))
            .Message(1, Node("Identity", ["value"], ["next"]))
            .Text(2, "body")
            .Message(11, Value("round", Int64))
            .Message(11, Value("go", Bool))
            .Message(11, Value("value", Int64, 1))
            .Message(12, Value("goOn", Bool))
            .Message(12, Value("next", Int64, 1));
        return Model(new ProtobufWriter()
            .Message(1, Node("Loop", ["rounds", "always", "rounds"], ["y"]).Message(5, new ProtobufWriter().Text(1, "body").Message(6, body).Number(20, 5)))
            .Text(2, "spin")
            .Message(5, new ProtobufWriter().Number(2, Bool).Text(8, "always").Bytes(9, [1]))
            .Message(11, Value("rounds", Int64, 1))
            .Message(12, Value("y", Int64, 1)));
    }

    /// <summary>As <see cref="Times"/>, after so many rounds of a loop that does nothing: a slow run and, since it is warmed up, a slow load.</summary>
    /// <param name="batch">Its first axis; free where it is -1, so that rows may share a run.</param>
    public static byte[] SlowTimes(float factor, long rounds, int batch = -1)
    {
        var body = new ProtobufWriter()
            .Message(1, Node("Identity", ["go"], ["goOn"]))
            .Message(1, Node("Identity", ["value"], ["next"]))
            .Text(2, "body")
            .Message(11, Value("round", Int64))
            .Message(11, Value("go", Bool))
            .Message(11, Value("value", Float, batch, 2))
            .Message(12, Value("goOn", Bool))
            .Message(12, Value("next", Float, batch, 2));
        return Model(new ProtobufWriter()
            .Message(1, Node("Loop", ["rounds", "always", "x"], ["same"]).Message(5, new ProtobufWriter().Text(1, "body").Message(6, body).Number(20, 5)))
            .Message(1, Node("Mul", ["same", "factor"], ["y"]))
            .Text(2, "slow times")
            .Message(5, new ProtobufWriter().Number(2, Int64).Text(8, "rounds").Bytes(9, BitConverter.GetBytes(rounds)))
            .Message(5, new ProtobufWriter().Number(2, Bool).Text(8, "always").Bytes(9, [1]))
            .Message(5, Floats("factor", [1], [factor]))
            .Message(11, Value("x", Float, batch, 2))
            .Message(12, Value("y", Float, batch, 2)));
    }

    /// <summary>As <see cref="Times"/> in what it takes and gives: the square root, which of a negative number is none.</summary>
    public static byte[] Roots() => Model(new ProtobufWriter()
        .Message(1, Node("Sqrt", ["x"], ["y"]))
        .Text(2, "roots")
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Float, -1, 2)));

    /// <summary>Weights in another file.</summary>
    public static byte[] WithExternalData(string location) => WithExternalData(new ProtobufWriter().Text(1, "location").Text(2, location).ToArray());

    /// <param name="entry">A StringStringEntryProto.</param>
    public static byte[] WithExternalData(byte[] entry) => Model(new ProtobufWriter()
        .Message(1, Node("Mul", ["x", "factor"], ["y"]))
        .Text(2, "external")
        .Message(5, new ProtobufWriter().Number(1, 1).Number(2, Float).Text(8, "factor")
            .Bytes(13, entry).Number(14, 1))
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Float, -1, 2)));

    public static byte[] WithOperatorOf(string domain) => Model(new ProtobufWriter()
        .Message(1, Node("Strange", ["x"], ["y"]).Text(7, domain))
        .Text(2, "strange")
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Float, -1, 2)));

    /// <summary>A graph in an attribute of a node in a graph, and so on.</summary>
    public static byte[] Nested(int depth)
    {
        var graph = new ProtobufWriter().Text(2, "innermost");
        for (var i = 0; i < depth; i++)
            graph = new ProtobufWriter().Message(1, Node("If", ["c"], ["y"]).Message(5, new ProtobufWriter().Text(1, "then_branch").Message(6, graph)));
        return Model(graph);
    }

    /// <summary>As <see cref="Times"/>, with so many bytes of remarks (doc_string).</summary>
    public static byte[] Padded(float factor, int bytes) => [.. Times(factor), .. new ProtobufWriter().Bytes(6, new byte[bytes]).ToArray()];

    /// <summary>As <see cref="Times"/> in what it takes and gives, but on the way it sums up more ones than any machine can hold: 2⁴⁶.</summary>
    public static byte[] Hungry() => Model(new ProtobufWriter()
        .Message(1, Node("ConstantOfShape", ["shape"], ["ones"]))
        .Message(1, Node("ReduceSum", ["ones"], ["sum"]).Message(5, new ProtobufWriter().Text(1, "keepdims").Number(20, 2).Number(3, 0)))
        .Message(1, Node("Mul", ["x", "sum"], ["y"]))
        .Text(2, "hungry")
        .Message(5, new ProtobufWriter().Number(1, 2).Number(2, Int64).Text(8, "shape").Bytes(9, [.. BitConverter.GetBytes(1L << 23), .. BitConverter.GetBytes(1L << 23)]))
        .Message(11, Value("x", Float, -1, 2))
        .Message(12, Value("y", Float, -1, 2)));

    public static byte[] Model(ProtobufWriter graph, long version = 8, long opset = 13) => new ProtobufWriter()
        .Number(1, version)
        .Message(7, graph)
        .Message(8, new ProtobufWriter().Text(1, "").Number(2, opset))
        .ToArray();

    public static ProtobufWriter Node(string operation, string[] inputs, string[] outputs)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs) node.Text(1, input);
        foreach (var output in outputs) node.Text(2, output);
        return node.Text(4, operation);
    }

    private static ProtobufWriter Floats(string name, long[] shape, float[] values)
    {
        var tensor = new ProtobufWriter();
        foreach (var dimension in shape) tensor.Number(1, dimension);
        return tensor.Number(2, Float).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private static ProtobufWriter Integers(string name, params int[] values)
    {
        var attribute = new ProtobufWriter().Text(1, name).Number(20, 7);
        foreach (var value in values) attribute.Number(8, value);
        return attribute;
    }

    private static ProtobufWriter Value(string name, int elementType, params int[] shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (var dimension in shape)
            dimensions.Message(1, dimension < 0 ? new ProtobufWriter().Text(2, "batch") : new ProtobufWriter().Number(1, dimension));
        return new ProtobufWriter().Text(1, name)
            .Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Number(1, elementType).Message(2, dimensions)));
    }
}
