using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>A body that is the one input's bytes and nothing else.</summary>
public sealed class RawInputTests
{
    public static TheoryData<long[], int, long[]> Rows => new()
    {
        { [2, 3], 12, [2, 3] },
        { [-1, 3], 6, [1, 3] },
        { [3, -1], 12, [3, 2] },
        { [-1, -1], 10, [1, 5] },
        { [-1], 8, [4] },
        { [-1], 0, [0] },
        { [], 2, [] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_is_one_row_and_a_free_dimension_follows_from_its_length(long[] shape, int bytes, long[] read)
    {
        var body = Enumerable.Range(0, bytes).Select(value => (byte)value).ToArray();
        var tensor = RawInput.Read([new TensorSpec("x", Datatype.Int16, shape)], body);
        Assert.Equal(("x", Datatype.Int16), (tensor.Name, tensor.Datatype));
        Assert.Equal(read, tensor.Shape);
        Assert.Equal(body, tensor.Data);
    }

    public static TheoryData<long[], int> Misfits => new()
    {
        { [2, 3], 11 },
        { [2, 3], 24 },
        { [-1, 3], 12 },
        { [-1, 3], 0 },
        { [3, -1], 7 },
        { [0, 2, -1], 4 },
        { [-1, -1, -1], 8 },
        { [], 0 },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Bytes_that_are_no_row_are_refused_with_the_inputs_name(long[] shape, int bytes)
    {
        var fault = Assert.Throws<InferenceFault>(() => RawInput.Read([new TensorSpec("x", Datatype.Int16, shape)], new byte[bytes]));
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        Assert.Contains("'x'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_two_inputs_needs_JSON()
    {
        TensorSpec spec = new("x", Datatype.Int16, [1]);
        Assert.Contains("2", Assert.Throws<InferenceFault>(() => RawInput.Read([spec, spec], new byte[2])).Message, StringComparison.Ordinal);
    }
}
