using Google.Protobuf;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Grpc;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Inference.Protocol.Grpc;

public sealed class InferMessagesTests
{
    private const int Bytes = 4 << 20;

    [Fact]
    public void Raw_contents_are_not_copied_once_they_are_parsed()
    {
        var request = ModelInferRequest.Parser.ParseFrom(new ModelInferRequest
        {
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "UINT8", Shape = { Bytes } } },
            RawInputContents = { ByteString.CopyFrom(new byte[Bytes]) },
        }.ToByteArray());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Bytes, InferMessages.Read(request).Inputs[0].Data.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void Outputs_become_raw_contents_without_a_copy()
    {
        var answer = new InferAnswer(new ModelId(ModelName.Parse("m"), new ModelVersion(7)), "id", [Tensor.Zeros("y", Datatype.Uint8, [Bytes])]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var response = InferMessages.Write(answer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
        Assert.Equal(("m", "7", "id", Bytes), (response.ModelName, response.ModelVersion, response.Id, response.RawOutputContents[0].Length));
    }

    [Fact]
    public void Raw_data_that_is_a_part_of_something_larger_is_cut_out()
    {
        var whole = new byte[] { 1, 2, 3, 4 };
        var request = new ModelInferRequest
        {
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "UINT8", Shape = { 2 } } },
            RawInputContents = { UnsafeByteOperations.UnsafeWrap(whole.AsMemory(1, 2)) },
        };
        Assert.Equal([2, 3], InferMessages.Read(request).Inputs[0].Data.ToArray());
    }

    [Fact]
    public void Who_names_no_outputs_gets_all_of_them() => Assert.Null(InferMessages.Read(new ModelInferRequest()).Outputs);
}
