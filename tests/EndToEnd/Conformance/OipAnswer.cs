using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>An answer as it came over the wire, but for its compression.</summary>
/// <param name="JsonLength">What Inference-Header-Content-Length says; null where the header is missing.</param>
internal sealed record OipAnswer(int Status, string? MediaType, string Allow, string Encoding, int? JsonLength, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body.AsSpan(0, JsonLength ?? Body.Length))!;

    public byte[] Binary => Body[(JsonLength ?? Body.Length)..];

    public override string ToString() => $"{Status} {System.Text.Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 500)))}";
}
