using Google.Protobuf;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Grpc;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Protocol.Grpc;

/// <summary>Which field holds the elements of which type, and what each of them may be.</summary>
public sealed class TypedContentsTests
{
    public static TheoryData<string, InferTensorContentsOf, byte[]> Forms => new()
    {
        { "BOOL", new(contents => contents.BoolContents.Add([true, false])), [1, 0] },
        { "INT8", new(contents => contents.IntContents.Add([-128, 127])), [0x80, 0x7f] },
        { "INT16", new(contents => contents.IntContents.Add([-32768, 32767])), [0, 0x80, 0xff, 0x7f] },
        { "INT32", new(contents => contents.IntContents.Add([int.MinValue, 1])), [0, 0, 0, 0x80, 1, 0, 0, 0] },
        { "INT64", new(contents => contents.Int64Contents.Add([long.MinValue, 1])), [0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0, 0, 0, 0, 0, 0] },
        { "UINT8", new(contents => contents.UintContents.Add([0, 255])), [0, 255] },
        { "UINT16", new(contents => contents.UintContents.Add([1, 65535])), [1, 0, 0xff, 0xff] },
        { "UINT32", new(contents => contents.UintContents.Add([1, uint.MaxValue])), [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff] },
        { "UINT64", new(contents => contents.Uint64Contents.Add([1, ulong.MaxValue])), [1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
        { "FP32", new(contents => contents.Fp32Contents.Add([1, 2])), [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40] },
        { "BYTES", new(contents => contents.BytesContents.Add([ByteString.CopyFrom(7, 8), ByteString.Empty])), [2, 0, 0, 0, 7, 8, 0, 0, 0, 0] },
        { "FP64", new(contents => contents.Fp64Contents.Add([1, 2])), [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_type_has_its_field(string datatype, InferTensorContentsOf contents, byte[] data) =>
        Assert.Equal(data, Read(datatype, [2], contents.Make()).Data.ToArray());

    public static TheoryData<string, InferTensorContentsOf, string> Refusals => new()
    {
        { "INT8", new(contents => contents.IntContents.Add([0, 128])), "element 1 is no INT8" },
        { "INT8", new(contents => contents.IntContents.Add([-129, 0])), "element 0 is no INT8" },
        { "INT16", new(contents => contents.IntContents.Add([0, 32768])), "element 1 is no INT16" },
        { "UINT8", new(contents => contents.UintContents.Add([256, 0])), "element 0 is no UINT8" },
        { "UINT16", new(contents => contents.UintContents.Add([0, 65536])), "element 1 is no UINT16" },
        { "FP32", new(contents => contents.Fp32Contents.Add(1)), "there are 1 elements in fp32_contents; the shape [2] needs 2" },
        { "FP32", new(contents => contents.Fp32Contents.Add([1, 2, 3])), "there are 3 elements" },
        { "FP32", new(contents => contents.Fp64Contents.Add([1, 2])), "go into fp32_contents" },
        { "FP32", new(contents => { contents.Fp32Contents.Add([1, 2]); contents.BoolContents.Add(true); }), "no other contents" },
        { "FP32", new(contents => { contents.Fp32Contents.Add([1, 2]); contents.BytesContents.Add(ByteString.Empty); }), "no other contents" },
        { "UINT32", new(contents => contents.IntContents.Add([1, 2])), "go into uint_contents" },
        { "FP16", new(contents => contents.Fp32Contents.Add([1, 2])), "raw_input_contents" },
        { "BF16", new(contents => contents.Fp32Contents.Add([1, 2])), "raw_input_contents" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_the_tensor_is_refused_with_its_name(string datatype, InferTensorContentsOf contents, string reason)
    {
        var refusal = Refusal(() => Read(datatype, [2], contents.Make()));
        Assert.Contains("'x'", refusal, StringComparison.Ordinal);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void No_memory_is_taken_for_elements_that_were_not_sent()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(() => Read("FP64", [1_000_000_000], new InferTensorContents()));
        Refusal(() => Read("FP64", [16, (1L << 60) + 2], new InferTensorContents()));
        Refusal(() => Read("FP64", [-1], new InferTensorContents()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    /// <summary>Fills contents, so that a table can hold them.</summary>
    public sealed class InferTensorContentsOf
    {
        private readonly Action<InferTensorContents> _fill;

        internal InferTensorContentsOf(Action<InferTensorContents> fill) => _fill = fill;

        internal InferTensorContents Make()
        {
            var contents = new InferTensorContents();
            _fill(contents);
            return contents;
        }

        public override string ToString() => Make().ToString();
    }

    private static Tensor Read(string datatype, long[] shape, InferTensorContents contents) => TypedContents.Read("x", Datatype.Find(datatype)!, shape, contents);

    private static string Refusal(Action read)
    {
        var fault = Assert.Throws<InferenceFault>(read);
        Assert.Equal(FaultKind.InvalidInput, fault.Kind);
        return fault.Message;
    }
}
