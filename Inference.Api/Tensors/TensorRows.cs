namespace ModelPlatform.Inference.Tensors;

/// <summary>Tensors as rows along their first axis: of several calls joined for one run, and its outputs split again.</summary>
internal static class TensorRows
{
    /// <summary>The rows that all inputs of a call have; null where they do not agree or there are none.</summary>
    public static int? CountOf(IReadOnlyList<Tensor> inputs)
    {
        if (inputs is not [{ Shape: [> 0 and <= int.MaxValue and var rows, ..] }, ..]) return null;
        return inputs.All(input => input.Shape is [var others, ..] && others == rows) ? (int)rows : null;
    }

    /// <summary>Whether two calls have the same inputs but for the number of rows.</summary>
    public static bool GoTogether(IReadOnlyList<Tensor> one, IReadOnlyList<Tensor> other)
    {
        if (one.Count != other.Count) return false;
        for (var i = 0; i < one.Count; i++)
        {
            if (one[i].Name != other[i].Name || one[i].Datatype != other[i].Datatype || !one[i].Shape.AsSpan(1).SequenceEqual(other[i].Shape.AsSpan(1))) return false;
        }
        return true;
    }

    /// <summary>The rows of calls that go together, one after the other.</summary>
    public static Tensor[] Join(IReadOnlyList<IReadOnlyList<Tensor>> calls) => [.. calls[0].Select((first, i) => Join(first, [.. calls.Select(call => call[i])]))];

    /// <summary>What belongs to each call, copied once.</summary>
    /// <exception cref="InvalidOperationException">There are not as many rows as went in.</exception>
    public static Tensor[] Split(string name, Datatype datatype, long[] shape, ReadOnlySpan<byte> data, IReadOnlyList<int> rows)
    {
        var sum = rows.Sum();
        if (shape is not [var given, ..] || given != sum) throw new InvalidOperationException($"Output '{name}' {Shapes.Text(shape)} of {sum} rows cannot be split by rows.");
        var perRow = Shapes.Count(shape.AsSpan(1))!.Value;
        var parts = new Tensor[rows.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var length = datatype == Datatype.Bytes ? TextElements.LengthOf(data, rows[i] * perRow) : (int)(rows[i] * perRow * datatype.Size);
            parts[i] = new Tensor(name, datatype, [rows[i], .. shape[1..]], data[..length].ToArray());
            data = data[length..];
        }
        return parts;
    }

    private static Tensor Join(Tensor first, IReadOnlyList<Tensor> parts)
    {
        long[] shape = [parts.Sum(part => part.Shape[0]), .. first.Shape[1..]];
        var joined = first.Datatype == Datatype.Bytes
            ? new Tensor(first.Name, first.Datatype, shape, new byte[parts.Sum(part => part.Data.Length)])
            : Tensor.Rent(first.Name, first.Datatype, shape);
        var rest = joined.Data.Span;
        foreach (var part in parts)
        {
            part.Data.Span.CopyTo(rest);
            rest = rest[part.Data.Length..];
        }
        return joined;
    }
}
