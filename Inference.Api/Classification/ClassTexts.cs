using System.Globalization;
using System.Numerics;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Classification;

/// <summary>
/// An output as the protocol's classification extension gives it: of each row the highest values, as texts <c>value:index[:label]</c>. The values
/// are the model's own, and of equals the lower index comes first.
/// </summary>
internal static class ClassTexts
{
    /// <param name="most">Texts for each row, if there are as many classes.</param>
    /// <exception cref="InferenceFault">There is no order among the values.</exception>
    public static Tensor Of(Tensor scores, long most, IReadOnlyList<string>? labels) => scores.Datatype.Name switch
    {
        "FP16" => Of<Half>(scores, most, labels),
        "FP32" => Of<float>(scores, most, labels),
        "FP64" => Of<double>(scores, most, labels),
        "INT8" => Of<sbyte>(scores, most, labels),
        "INT16" => Of<short>(scores, most, labels),
        "INT32" => Of<int>(scores, most, labels),
        "INT64" => Of<long>(scores, most, labels),
        "UINT8" => Of<byte>(scores, most, labels),
        "UINT16" => Of<ushort>(scores, most, labels),
        "UINT32" => Of<uint>(scores, most, labels),
        "UINT64" => Of<ulong>(scores, most, labels),
        _ => throw new InferenceFault(FaultKind.InvalidInput, $"Output '{scores.Name}' is {scores.Datatype}, which cannot be classified."),
    };

    private static Tensor Of<T>(Tensor scores, long most, IReadOnlyList<string>? labels) where T : unmanaged, INumber<T>
    {
        var hasRows = scores.Shape.Length > 1;
        var classes = (int)Shapes.Count(hasRows ? scores.Shape[1..] : scores.Shape)!.Value;
        var best = (int)Math.Min(most, classes);
        if (labels?.Count != classes) labels = null;

        var values = scores.Elements<T>().ToArray();
        if (Array.Exists(values, T.IsNaN)) throw new InferenceFault(FaultKind.NoNumber, $"Output '{scores.Name}' holds NaN, so there is no order among its values; ask for them all in binary form.");
        var texts = new List<string>();
        for (var row = 0; row < (hasRows ? scores.Shape[0] : 1); row++)
        {
            var first = row * classes;
            var order = Enumerable.Range(0, classes).ToArray();
            Array.Sort(order, (a, b) => values[first + b].CompareTo(values[first + a]) is var difference and not 0 ? difference : a.CompareTo(b));
            foreach (var index in order.AsSpan(0, best))
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{values[first + index]}:{index}");
                texts.Add(labels is null ? text : $"{text}:{labels[index]}");
            }
        }
        return TextElements.ToTensor(scores.Name, hasRows ? [scores.Shape[0], best] : [best], texts);
    }
}
