using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

/// <summary>The serializer checks members for null, but neither elements of collections nor parameters that are left out.</summary>
public sealed class NullsInDocumentsTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string File = $$"""{ "bytes": 1, "sha256": "{{Digest}}" }""";

    [Theory]
    [InlineData("""{ "files": { "model.onnx": null } }""")]
    [InlineData("""{ "files": { "model.onnx": {} } }""")]
    [InlineData("""{ "files": { "model.onnx": { "bytes": 1 } } }""")]
    [InlineData($$"""{ "files": { "model.onnx": {"sha256": "{{Digest}}" } } }""")]
    [InlineData($$"""{ "golden": [ null ], "files": { "model.onnx": {{File}} } }""")]
    [InlineData($$"""{ "golden": [ { "inputs": { "x": null }, "outputs": { "y": "y.bin" } } ], "files": { "model.onnx": {{File}}, "y.bin": {{File}} } }""")]
    [InlineData($$"""{ "preprocess": null, "golden": null, "files": { "model.onnx": {{File}} } }""")]
    public void A_model_json_with_holes_is_refused(string json) =>
        Assert.Throws<InvalidDocumentException>(() => ModelManifest.Parse(System.Text.Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{ "versions": null }""")]
    [InlineData("""{ "versions": { "only": [ null ] } }""")]
    [InlineData("""{ "rollout": null }""")]
    public void A_serving_json_with_holes_is_refused(string json) =>
        Assert.Throws<InvalidDocumentException>(() => ServingPolicy.Parse(System.Text.Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "inputs": [], "outputs": null }""")]
    [InlineData("""{ "inputs": [ null ], "outputs": [] }""")]
    [InlineData("""{ "inputs": [ { "name": "x" } ], "outputs": [] }""")]
    public void An_ack_with_a_signature_with_holes_is_refused(string signature) => Assert.Throws<InvalidDocumentException>(() => ReplicaAck.Parse(Ack(signature)));

    [Fact]
    public void An_ack_with_a_whole_signature_is_taken()
    {
        var ack = ReplicaAck.Parse(Ack("""{ "inputs": [ { "name": "x", "datatype": "FP32", "rank": 4 } ], "outputs": [] }"""));
        Assert.Equal(new TensorSignature("x", "FP32", 4), Assert.Single(ack.Signature!.Inputs));
    }

    private static byte[] Ack(string signature) => System.Text.Encoding.UTF8.GetBytes(
        $$"""{ "generation": 1, "model": "m", "version": "1", "identity": "sha256:{{Digest}}", "state": "serving", "signature": {{signature}} }""");
}
