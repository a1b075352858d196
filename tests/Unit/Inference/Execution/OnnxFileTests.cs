using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Execution;

public sealed class OnnxFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_plain_model_passes() => Assert.False(Vet(OnnxModels.Times(2)).EndsInSoftmax);

    [Fact]
    public void A_softmax_at_the_end_is_noticed()
    {
        Assert.True(Vet(OnnxModels.SoftmaxClassifier()).EndsInSoftmax);
        Assert.False(Vet(OnnxModels.Classifier(1, 2)).EndsInSoftmax);
    }

    [Fact]
    public void External_data_may_lie_in_a_file_of_the_version() => Vet(OnnxModels.WithExternalData("weights.bin"), "weights.bin");

    [Theory]
    [InlineData("other.bin")]
    [InlineData("../other/weights.bin")]
    [InlineData("a/../../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\weights.bin")]
    [InlineData("")]
    [InlineData("weights.bin\0")]
    public void External_data_anywhere_else_is_refused(string location)
    {
        var refusal = Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.WithExternalData(location), "weights.bin"));
        Assert.Contains("external data", refusal.Message, StringComparison.Ordinal);
    }

    // Whoever parses it takes the last of several, and passes over one of another wire type.
    public static TheoryData<byte[]> Doubled =>
    [
        new ProtobufWriter().Text(1, "remark").Text(1, "location").Text(2, "../other/weights.bin").ToArray(),
        new ProtobufWriter().Number(1, 1).Text(1, "location").Text(2, "../other/weights.bin").ToArray(),
        new ProtobufWriter().Text(1, "location").Text(2, "weights.bin").Text(2, "../other/weights.bin").ToArray(),
        new ProtobufWriter().Text(1, "location").Text(2, "../other/weights.bin").Text(2, "weights.bin").ToArray(),
    ];

    [Theory]
    [MemberData(nameof(Doubled))]
    public void An_entry_of_external_data_that_says_something_twice_is_refused(byte[] entry) =>
        Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.WithExternalData(entry), "weights.bin"));

    [Fact]
    public void A_domain_that_is_taken_back_by_a_field_of_another_type_is_refused_all_the_same()
    {
        var node = OnnxModels.Node("Strange", ["x"], ["y"]).Text(7, "evil.example").Number(7, 1);
        Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.Model(new ProtobufWriter().Message(1, node))));
    }

    [Fact]
    public void An_address_in_memory_is_refused()
    {
        var refusal = Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.WithExternalData("*/_ORT_MEM_ADDR_/*")));
        Assert.Contains("address in memory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_operator_domain_is_refused_by_name()
    {
        var refusal = Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.WithOperatorOf("evil.example")));
        Assert.Contains("'evil.example'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Domains_hidden_in_subgraphs_are_found()
    {
        var inner = new ProtobufWriter().Message(1, OnnxModels.Node("Strange", ["x"], ["y"]).Text(7, "evil.example"));
        var outer = new ProtobufWriter().Message(1, OnnxModels.Node("If", ["c"], ["y"]).Message(5, new ProtobufWriter().Message(6, inner)));
        Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.Model(outer)));
    }

    [Fact]
    public void Endless_nesting_is_refused()
    {
        Vet(OnnxModels.Nested(10));
        Assert.Contains("nested", Assert.Throws<UnfitModelException>(() => Vet(OnnxModels.Nested(500))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x3A, 0xFF })]
    [InlineData(new byte[] { 0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0x08, 0x08 })]
    public void What_is_no_model_is_refused(byte[] bytes) => Assert.Throws<UnfitModelException>(() => Vet(bytes));

    [Fact]
    public void Every_truncation_of_a_model_is_refused_or_read_as_a_smaller_one()
    {
        var whole = OnnxModels.Times(2);
        for (var length = 0; length < whole.Length; length++)
        {
            try { Vet(whole[..length]); }
            catch (UnfitModelException) { }
        }
    }

    private OnnxSummary Vet(byte[] model, params string[] files) =>
        OnnxFile.Vet(Write(model), files.Select(file => FilePath.Parse(file)).ToHashSet());

    private string Write(byte[] model)
    {
        var path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, model);
        return path;
    }
}
