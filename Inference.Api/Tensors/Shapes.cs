namespace ModelPlatform.Inference.Tensors;

internal static class Shapes
{
    /// <summary>More dimensions than any model has; what clients send is bounded by it.</summary>
    public const int MaxRank = 64;

    /// <summary>The number of elements; null where a dimension is negative or the product does not fit an array.</summary>
    public static long? Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0 || dimension > Array.MaxLength) return null;
            count *= dimension;
            if (count > Array.MaxLength) return null;
        }
        return count;
    }

    /// <summary>Whether a shape is one that a signature with -1 for "any" allows.</summary>
    public static bool Allows(ReadOnlySpan<long> allowed, ReadOnlySpan<long> shape)
    {
        if (allowed.Length != shape.Length) return false;
        for (var i = 0; i < shape.Length; i++)
        {
            if (allowed[i] >= 0 && allowed[i] != shape[i]) return false;
        }
        return true;
    }

    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(',', shape.ToArray())}]";
}
