namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>A call as it came by REST, and the form in which its answer is to go back.</summary>
internal sealed record InferRequest(InferCall Call, OutputForms Forms);

/// <summary>Which outputs go back in binary form.</summary>
/// <param name="IsBinaryUnlessTold">Of the outputs that are not in <paramref name="Told"/>.</param>
internal sealed record OutputForms(bool IsBinaryUnlessTold, IReadOnlyDictionary<string, bool> Told)
{
    public static OutputForms All(bool binary) => new(binary, new Dictionary<string, bool>());

    public bool IsBinary(string output) => Told.TryGetValue(output, out var told) ? told : IsBinaryUnlessTold;
}
