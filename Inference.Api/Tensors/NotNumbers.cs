using System.Numerics;
using System.Runtime.InteropServices;

namespace ModelPlatform.Inference.Tensors;

/// <summary>Finds answers that are none. Infinities are not looked for: a masked score is one.</summary>
internal static class NotNumbers
{
    // A model that has broken down says so everywhere: the beginning tells, and costs well under a microsecond.
    private const int Looked = 4096;

    public static bool AreIn(IEnumerable<Tensor> outputs) => outputs.Any(output => output.Datatype == Datatype.Fp32 && AreIn(output.Elements<float>()));

    private static bool AreIn(ReadOnlySpan<float> values)
    {
        values = values[..Math.Min(values.Length, Looked)];
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
        {
            if (!Vector.EqualsAll(vector, vector)) return true;
        }
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            if (float.IsNaN(value)) return true;
        }
        return false;
    }
}
