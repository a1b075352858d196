using System.Text;
using System.Text.Json;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class InferJsonTests
{
    [Theory]
    [InlineData("[1,2,3,4]")]
    [InlineData("[[1,2],[3,4]]")]
    public void Data_may_be_flat_or_nested(string data)
    {
        var call = Read($$"""{"id":"a","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":{{data}}}]}""");
        Assert.Equal("a", call.Id);
        Assert.Equal([1, 2, 3, 4], Assert.Single(call.Inputs).Elements<float>().ToArray());
    }

    [Theory]
    [InlineData("inputs", """{"name":"x","shape":[0],"datatype":"FP32","data":[]}""")]
    [InlineData("outputs", """{"name":"y"}""")]
    public void A_call_of_more_tensors_than_any_has_reason_for_is_refused(string place, string tensor)
    {
        var fault = Assert.Throws<InferenceFault>(() => Read($$"""{"{{place}}":[{{string.Join(',', Enumerable.Repeat(tensor, InputRules.MostTensors + 1))}}]}"""));
        Assert.Contains($"There may be 10000 {place}.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_numeric_datatype_is_read_in_its_range()
    {
        Assert.Equal([1, 0], Data("BOOL", "[true,false]").Data.ToArray());
        Assert.Equal([sbyte.MinValue, sbyte.MaxValue], Data("INT8", "[-128,127]").Elements<sbyte>().ToArray());
        Assert.Equal([short.MinValue, short.MaxValue], Data("INT16", "[-32768,32767]").Elements<short>().ToArray());
        Assert.Equal([int.MinValue, int.MaxValue], Data("INT32", "[-2147483648,2147483647]").Elements<int>().ToArray());
        Assert.Equal([long.MinValue, long.MaxValue], Data("INT64", "[-9223372036854775808,9223372036854775807]").Elements<long>().ToArray());
        Assert.Equal([byte.MinValue, byte.MaxValue], Data("UINT8", "[0,255]").Data.ToArray());
        Assert.Equal([ushort.MaxValue, (ushort)1], Data("UINT16", "[65535,1]").Elements<ushort>().ToArray());
        Assert.Equal([uint.MaxValue, 1u], Data("UINT32", "[4294967295,1]").Elements<uint>().ToArray());
        Assert.Equal([ulong.MaxValue, 1ul], Data("UINT64", "[18446744073709551615,1]").Elements<ulong>().ToArray());
        Assert.Equal([1.5, -2e300], Data("FP64", "[1.5,-2e300]").Elements<double>().ToArray());
    }

    [Theory]
    [InlineData("INT8", "[128,0]")]
    [InlineData("UINT8", "[-1,0]")]
    [InlineData("INT32", "[1.5,0]")]
    [InlineData("INT64", "[9223372036854775808,0]")]
    [InlineData("BOOL", "[1,0]")]
    [InlineData("FP32", "[true,false]")]
    [InlineData("FP32", "[\"1\",\"2\"]")]
    [InlineData("FP32", "[null,1]")]
    [InlineData("FP32", "[1e39,0]")]
    [InlineData("FP64", "[1e309,0]")]
    [InlineData("FP16", "[1,2]")]
    [InlineData("FP32", "[1]")]
    [InlineData("FP32", "[1,2,3]")]
    [InlineData("FP32", "[]")]
    [InlineData("FP32", "{}")]
    [InlineData("FP32", "[[1,2]]")]
    [InlineData("FP32", "[1,[2]]")]
    public void What_does_not_fit_the_datatype_or_shape_is_refused_with_the_tensors_name(string datatype, string data)
    {
        var fault = Assert.Throws<InferenceFault>(() => Data(datatype, data));
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        Assert.Contains("'x'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"inputs\":{}}")]
    [InlineData("{\"inputs\":[1]}")]
    [InlineData("{\"inputs\":[{}]}")]
    [InlineData("{\"inputs\":[{\"name\":1,\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":\"1\",\"datatype\":\"FP32\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[-1],\"datatype\":\"FP32\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[1.5],\"datatype\":\"FP32\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[16,1152921504606846978],\"datatype\":\"FP32\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP31\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\"}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"\\ud800\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}")]
    [InlineData("{\"inputs\":[],\"outputs\":[{}]}")]
    [InlineData("{\"inputs\":[],\"inputs\":[]}")]
    [InlineData("{\"inputs\":[]} x")]
    public void Malformed_bodies_are_refused_and_never_crash(string body) =>
        Assert.Equal(FaultKind.InvalidInput, Assert.Throws<InferenceFault>(() => Read(body)).Kind);

    [Theory]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"name\":\"x\"}]}", "inputs[0].name")]
    [InlineData("{\"inputs\":[{\"data\":[1],\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}", "inputs[0].data")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\",\"inputs\":[]}", "id")]
    [InlineData("{\"inputs\":[],\"outputs\":[{\"name\":\"y\"},{\"name\":2}]}", "outputs[1].name")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"shape\":[1,true]}]}", "inputs[0].shape")]
    public void A_refusal_names_the_place(string body, string place) => Assert.Contains(place, Refusal(body), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"inputs\":[{\"data\":[1,2],\"datatype\":\"FP32\",\"shape\":[2],\"name\":\"x\"}]}")]
    [InlineData("{\"inputs\":[{\"name\":\"x\",\"data\":[[1,2]],\"shape\":[1,2],\"datatype\":\"FP32\",\"meta\":{\"a\":{\"b\":[1]}}}],\"more\":{\"c\":[]}}")]
    public void Members_come_in_any_order_among_others(string body) => Assert.Equal([1, 2], Read(body).Inputs[0].Elements<float>().ToArray());

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"priority\":1,\"sequence_id\":\"a\",\"\":true,\"x\":null,\"a name that is far longer than any that is known here\":-1.5e3}")]
    public void Parameters_that_nobody_here_knows_are_left_aside(string parameters)
    {
        var call = Read($$"""{"inputs":[{"name":"x","parameters":{{parameters}},"shape":[1],"datatype":"UINT8","data":[7]}],"outputs":[{"name":"y","parameters":{{parameters}} }],"parameters":{{parameters}} }""");
        Assert.Equal([7], call.Inputs[0].Data.ToArray());
        Assert.Equal([new RequestedOutput("y", null)], call.Outputs);
    }

    [Theory]
    [InlineData("{\"a\":{}}")]
    [InlineData("{\"a\":[1]}")]
    [InlineData("{\"classification\":{\"a\":1}}")]
    [InlineData("[]")]
    [InlineData("1")]
    public void Parameters_are_scalars_by_name_wherever_they_stand(string parameters)
    {
        Assert.Contains("inputs[0].parameters", Refusal($$"""{"inputs":[{"parameters":{{parameters}} }]}"""), StringComparison.Ordinal);
        Assert.Contains("outputs[0].parameters", Refusal($$"""{"outputs":[{"parameters":{{parameters}} }]}"""), StringComparison.Ordinal);
        Assert.StartsWith("parameters", Refusal($$"""{"parameters":{{parameters}} }"""), StringComparison.Ordinal);
        Assert.Contains("more than once", Refusal("""{"parameters":{},"parameters":{}}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1.5")]
    [InlineData("\"3\"")]
    [InlineData("9223372036854775808")]
    public void A_number_of_classes_is_a_positive_integer(string classes) =>
        Assert.Contains("outputs[0].parameters.classification", Refusal($$"""{"outputs":[{"name":"y","parameters":{"classification":{{classes}} } }]}"""), StringComparison.Ordinal);

    [Fact]
    public void A_number_of_classes_is_kept_with_its_output() => Assert.Equal(
        [new RequestedOutput("y", 3), new RequestedOutput("z", null)],
        Read("""{"inputs":[],"outputs":[{"parameters":{"classification":3},"name":"y"},{"name":"z"}]}""").Outputs);

    [Fact]
    public void A_small_body_cannot_ask_for_a_large_tensor()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reason = Refusal("""{"inputs":[{"name":"x","shape":[500000000],"datatype":"FP32","data":[1]}]}""");
        Assert.Contains("'x'", reason, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Reading_takes_little_more_memory_than_the_tensor()
    {
        const int Count = 1 << 20;
        var body = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[{{Count}}],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("1.5", Count))}}]}]}""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Count, InferReader.Read(new InferBody(body, null), maxDepth: 100).Call.Inputs[0].Elements<float>().Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Count * 4, Count * 4 + (1 << 16));
    }

    [Fact]
    public void Deep_nesting_is_refused_with_its_place() =>
        Assert.Contains("too deep (line 1", Refusal($$"""{"more":{{new string('[', 200)}}{{new string(']', 200)}}}"""), StringComparison.Ordinal);

    [Fact]
    public void More_dimensions_than_any_model_has_are_refused() =>
        Assert.Contains("dimensions", Refusal($$"""{"inputs":[{"name":"x","shape":[{{string.Join(',', Enumerable.Repeat("1", 65))}}],"datatype":"FP32","data":[1]}]}"""), StringComparison.Ordinal);

    [Fact]
    public void An_answer_names_the_version_and_keeps_the_id()
    {
        var output = new Tensor("y", Datatype.Int64, [1, 2], [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        Assert.Equal(
            """{"model_name":"m","model_version":"7","id":"a","outputs":[{"name":"y","datatype":"INT64","shape":[1,2],"data":[1,-1]}]}""",
            Write(new InferAnswer(new ModelId(ModelName.Parse("m"), new ModelVersion(7)), "a", [output])));
    }

    [Fact]
    public void Not_a_number_cannot_be_said_in_JSON()
    {
        var output = Tensor.Zeros("y", Datatype.Fp32, [1]);
        output.Elements<float>()[0] = float.NaN;
        Assert.Throws<InferenceFault>(() => Write(new InferAnswer(new ModelId(ModelName.Parse("m"), new ModelVersion(7)), null, [output])));
    }

    private static Tensor Data(string datatype, string data) =>
        Read($$"""{"inputs":[{"name":"x","shape":[2],"datatype":"{{datatype}}","data":{{data}}}]}""").Inputs[0];

    private static string Refusal(string body)
    {
        var fault = Assert.Throws<InferenceFault>(() => Read(body));
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        return fault.Message;
    }

    private static InferCall Read(string body) => InferReader.Read(new InferBody(Encoding.UTF8.GetBytes(body), null), maxDepth: 100).Call;

    private static string Write(InferAnswer answer)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) InferWriter.Write(json, answer, OutputForms.All(binary: false));
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
