namespace ModelPlatform.Repository.State;

/// <summary>What a model takes and gives: names, element types and ranks, in the order of the graph.</summary>
public sealed record ModelSignature(IReadOnlyList<TensorSignature> Inputs, IReadOnlyList<TensorSignature> Outputs)
{
    /// <summary>The first difference in words, or null where there is none.</summary>
    public string? DifferenceTo(ModelSignature wanted) => Difference("input", Inputs, wanted.Inputs) ?? Difference("output", Outputs, wanted.Outputs);

    private static string? Difference(string kind, IReadOnlyList<TensorSignature> have, IReadOnlyList<TensorSignature> want)
    {
        foreach (var tensor in want)
        {
            var found = have.FirstOrDefault(candidate => candidate.Name == tensor.Name);
            if (found is null) return $"{kind} '{tensor.Name}' is missing";
            if (found != tensor) return $"{kind} '{tensor.Name}' is {found.Datatype} of rank {found.Rank} instead of {tensor.Datatype} of rank {tensor.Rank}";
        }
        return have.FirstOrDefault(tensor => want.All(other => other.Name != tensor.Name)) is { } extra ? $"{kind} '{extra.Name}' is new" : null;
    }
}

/// <param name="Datatype">In the Open Inference Protocol's words: FP32, INT64, BYTES and so on.</param>
public sealed record TensorSignature(string Name, string Datatype, int Rank);
