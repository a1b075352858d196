using System.Text;
using Microsoft.Extensions.Primitives;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>The binary tensor data extension: JSON that says what the bytes after it are.</summary>
public sealed class BinaryInferTests
{
    private const string Two = """{"inputs":[{"name":"a","shape":[2],"datatype":"UINT8","parameters":{"binary_data_size":2}},{"name":"j","shape":[1],"datatype":"UINT8","data":[9]},{"name":"b","shape":[1,1],"datatype":"UINT16","parameters":{"binary_data_size":2}}]}""";

    [Fact]
    public void Inputs_take_their_bytes_in_the_order_in_which_they_stand_those_in_JSON_none()
    {
        var inputs = Read(Two, 1, 2, 3, 4).Call.Inputs;
        Assert.Equal([[1, 2], [9], [3, 4]], inputs.Select(input => input.Data.ToArray()));
        Assert.Equal(0x0403, inputs[2].Elements<ushort>()[0]);
    }

    [Theory]
    [InlineData(2, "inputs[2] has 2 bytes in binary form; 0 are left")]
    [InlineData(3, "inputs[2] has 2 bytes in binary form; 1 are left")]
    [InlineData(5, "The last 1 bytes of the body belong to no input")]
    public void The_sizes_must_sum_up_to_exactly_what_follows_the_JSON(int bytes, string reason) =>
        Assert.Contains(reason, Refusal(() => Read(Two, new byte[bytes])), StringComparison.Ordinal);

    [Theory]
    [InlineData("-1", "inputs[0].parameters.binary_data_size")]
    [InlineData("\"2\"", "inputs[0].parameters.binary_data_size")]
    [InlineData("2.5", "inputs[0].parameters.binary_data_size")]
    [InlineData("true", "inputs[0].parameters.binary_data_size")]
    [InlineData("null", "inputs[0].parameters.binary_data_size")]
    [InlineData("9223372036854775807", "9223372036854775807 bytes")]
    [InlineData("9223372036854775808", "inputs[0].parameters.binary_data_size")]
    [InlineData("2,\"binary_data_size\":2", "more than once")]
    [InlineData("2,\"a\":{}", "inputs[0].parameters")]
    [InlineData("2},\"data\":[1,2],\"more\":{", "both")]
    public void A_size_that_is_none_is_refused_with_its_place(string size, string named) =>
        Assert.Contains(named, Refusal(() => Read(Input($"\"shape\":[2],\"datatype\":\"UINT8\",\"parameters\":{{\"binary_data_size\":{size}}}"), 1, 2)), StringComparison.Ordinal);

    [Theory]
    [InlineData("[-2]", "UINT8")]
    [InlineData("[16,1152921504606846978]", "UINT8")]
    [InlineData("[1000000000,2]", "FP64")]
    [InlineData("[1]", "UINT8")]
    [InlineData("[2]", "BOOL")]          // a byte 2
    public void Bytes_that_cannot_be_the_tensor_are_refused_with_its_name(string shape, string datatype) =>
        Assert.Contains("'x'", Refusal(() => Read(Input($"\"shape\":{shape},\"datatype\":\"{datatype}\",\"parameters\":{{\"binary_data_size\":2}}"), 1, 2)), StringComparison.Ordinal);

    [Fact]
    public void Half_precision_has_a_form_in_binary_only_and_the_refusal_says_so()
    {
        Assert.Equal([0, 0x3c], Read(Input("\"shape\":[1],\"datatype\":\"FP16\",\"parameters\":{\"binary_data_size\":2}"), 0, 0x3c).Call.Inputs[0].Data.ToArray());
        foreach (var datatype in new[] { "FP16", "BF16" })
            Assert.Contains("binary_data_size", Refusal(() => Read(Input($"\"shape\":[1],\"datatype\":\"{datatype}\",\"data\":[1]"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_header_nothing_is_binary() =>
        Assert.Contains(InferBody.JsonLengthHeader, Refusal(() => InferReader.Read(new InferBody(Encoding.UTF8.GetBytes(Two), null), maxDepth: 100)), StringComparison.Ordinal);

    [Theory]
    [InlineData("0", 0, 4)]
    [InlineData("4", 4, 0)]
    [InlineData("03", 3, 1)]
    public void The_header_says_where_the_JSON_ends(string header, int json, int binary)
    {
        var body = InferBody.Split(new byte[4], header);
        Assert.Equal((json, binary, json == 0), (body.Json.Length, body.Binary!.Value.Length, body.IsRaw));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("four")]
    [InlineData("")]
    [InlineData("99999999999")]
    [InlineData("99999999999999999999999")]
    public void A_header_that_does_not_fit_the_body_is_refused(string header) =>
        Assert.Contains(InferBody.JsonLengthHeader, Refusal(() => InferBody.Split(new byte[4], header)), StringComparison.Ordinal);

    [Fact]
    public void Two_headers_are_none() => Refusal(() => InferBody.Split(new byte[4], new StringValues(["1", "1"])));

    [Theory]
    [InlineData("", false, false)]
    [InlineData("\"parameters\":{\"binary_data_output\":true}", true, true)]
    [InlineData("\"parameters\":{\"binary_data_output\":true},\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":false}},{\"name\":\"z\"}]", false, true)]
    [InlineData("\"outputs\":[{\"name\":\"y\"},{\"parameters\":{\"binary_data\":true},\"name\":\"z\"}],\"parameters\":{\"binary_data_output\":false}", false, true)]
    public void An_outputs_own_flag_counts_before_the_requests(string members, bool y, bool z)
    {
        var forms = Read($"{{\"inputs\":[]{(members.Length > 0 ? "," : "")}{members}}}").Forms;
        Assert.Equal((y, z), (forms.IsBinary("y"), forms.IsBinary("z")));
    }

    [Theory]
    [InlineData("\"parameters\":{\"binary_data_output\":1}", "parameters.binary_data_output")]
    [InlineData("\"parameters\":{\"binary_data_output\":\"true\"}", "parameters.binary_data_output")]
    [InlineData("\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":null}}]", "outputs[0].parameters.binary_data")]
    public void A_flag_that_is_none_is_refused_with_its_place(string member, string place) =>
        Assert.Contains(place, Refusal(() => Read($"{{\"inputs\":[],{member}}}")), StringComparison.Ordinal);

    [Fact]
    public void Reading_copies_a_tensor_once()
    {
        const int Bytes = 4 << 20;
        var json = Encoding.UTF8.GetBytes(Input($"\"shape\":[{Bytes}],\"datatype\":\"UINT8\",\"parameters\":{{\"binary_data_size\":{Bytes}}}"));
        var body = new InferBody(json, new byte[Bytes]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Bytes, InferReader.Read(body, maxDepth: 100).Call.Inputs[0].Data.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Bytes, Bytes + (1 << 16));
    }

    private static string Input(string members) => $$"""{"inputs":[{"name":"x",{{members}}}]}""";

    private static InferRequest Read(string json, params byte[] binary) =>
        InferReader.Read(new InferBody(Encoding.UTF8.GetBytes(json), binary), maxDepth: 100);

    private static string Refusal(Action read)
    {
        var fault = Assert.Throws<InferenceFault>(read);
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        return fault.Message;
    }
}
