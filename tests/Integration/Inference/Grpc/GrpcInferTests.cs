using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>What a client gets over gRPC, and what it is told when it asks wrongly.</summary>
public sealed class GrpcInferTests(Azurite azurite) : OneGrpcReplica(azurite)
{
    [Fact]
    public async Task Raw_and_typed_contents_of_the_same_tensor_get_the_same_answer_with_its_version_and_id()
    {
        await StartAsync(OnnxModels.Times(3));
        var raw = Raw(1, 2, 3, 4);
        raw.Id = "seven";
        var typed = new ModelInferRequest(raw) { ModelVersion = "1", Inputs = { } };
        typed.RawInputContents.Clear();
        typed.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1, 2, 3, 4 } };
        foreach (var request in new[] { raw, typed })
        {
            var answer = await Client.ModelInferAsync(request, cancellationToken: Cancelled);
            Assert.Equal(("m", "1", "seven"), (answer.ModelName, answer.ModelVersion, answer.Id));
            var output = Assert.Single(answer.Outputs);
            Assert.Equal(("y", "FP32"), (output.Name, output.Datatype));
            Assert.Equal([2, 2], output.Shape);
            Assert.Null(output.Contents);
            Assert.Equal([3, 6, 9, 12], Floats(answer));
        }
    }

    [Fact]
    public async Task The_numbers_of_the_fields_are_those_of_the_protocol()
    {
        await StartAsync(OnnxModels.Times(3));
        var input = new ProtobufWriter().Text(1, "x").Text(2, "FP32").Bytes(3, [1, 2]);
        var known = new ProtobufWriter().Text(1, "m").Text(2, "1").Text(3, "7").Message(5, input).Message(6, new ProtobufWriter().Text(1, "y")).Bytes(7, [0, 0, 128, 63, 0, 0, 0, 64]);
        // What a later protocol may add is left aside.
        var request = known.Number(99, 1).Text(1000, "new").ToArray();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{Channel.Target}") };
        using var message = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)request.Length, .. request]) { Headers = { ContentType = new("application/grpc") } },
        };
        using var answer = await client.SendAsync(message, Cancelled);
        var expected = new ProtobufWriter().Text(1, "m").Text(2, "1").Text(3, "7")
            .Message(5, new ProtobufWriter().Text(1, "y").Text(2, "FP32").Bytes(3, [1, 2])).Bytes(6, [0, 0, 64, 64, 0, 0, 192, 64]).ToArray();
        Assert.Equal([0, 0, 0, 0, (byte)expected.Length, .. expected], await answer.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
    }

    [Fact]
    public async Task The_highest_classes_are_named_where_they_are_asked_for()
    {
        var version = await Repository.PublishAsync(
            Id(1),
            new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Classifier(0, 9, 4), ["labels.txt"] = "Shirt\nSneaker\nBag\n"u8.ToArray() },
            new JsonObject { ["task"] = "image-classification", ["labels"] = "labels.txt" });
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(version)));
        await StartAsync();

        var request = Raw("image", "FP32", [1, 1, 2, 2], new byte[16]);
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "logits", Parameters = { ["classification"] = new InferParameter { Int64Param = 2 } } });
        var answer = await Client.ModelInferAsync(request, cancellationToken: Cancelled);
        Assert.Equal("BYTES", answer.Outputs[0].Datatype);
        Assert.Equal([1, 2], answer.Outputs[0].Shape);
        Assert.Equal("\u000b\0\0\09:1:Sneaker\u0007\0\0\04:2:Bag", Encoding.UTF8.GetString(answer.RawOutputContents[0].Span));

        foreach (var wrong in new InferParameter[] { new(), new() { Int64Param = 0 }, new() { Int64Param = -1 }, new() { StringParam = "2" }, new() { BoolParam = true }, new() { DoubleParam = 2 } })
        {
            request.Outputs[0].Parameters["classification"] = wrong;
            await IsRefusedAsync(StatusCode.InvalidArgument, Client.ModelInferAsync(request, cancellationToken: Cancelled));
        }
    }

    [Fact]
    public async Task A_call_that_does_not_fit_is_refused_with_the_reason_and_hurts_nobody()
    {
        await StartAsync(OnnxModels.Times(1));
        foreach (var (change, status, reason) in Vectors)
        {
            var request = Raw(1, 2);
            change(request);
            var refusal = await IsRefusedAsync(status, Client.ModelInferAsync(request, cancellationToken: Cancelled));
            Assert.Contains(reason, refusal.Status.Detail, StringComparison.Ordinal);
        }
        Assert.Equal(Row(1, 2), Floats(await Client.ModelInferAsync(Raw(1, 2), cancellationToken: Cancelled)));
        Assert.Empty(App.Logs.Warnings);
    }

    private static readonly (Action<ModelInferRequest> Change, StatusCode Status, string Reason)[] Vectors =
    [
        (request => request.ModelName = "", StatusCode.NotFound, "Model ''"),
        (request => request.ModelName = "nope", StatusCode.NotFound, "'nope'"),
        (request => request.ModelName = "..", StatusCode.NotFound, "'..'"),
        (request => request.ModelName = "%2e%2e", StatusCode.NotFound, "is not served here"),
        (request => request.ModelName = "a/b", StatusCode.NotFound, "'a/b'"),
        (request => request.ModelName = "m\0", StatusCode.NotFound, "is not served here"),
        (request => request.ModelName = new string('m', 4096), StatusCode.NotFound, "is not served here"),
        (request => request.ModelVersion = "2", StatusCode.NotFound, "Version 2"),
        (request => request.ModelVersion = "00", StatusCode.NotFound, "'00'"),
        (request => request.ModelVersion = "1e3", StatusCode.NotFound, "'1e3'"),
        (request => request.ModelVersion = "9223372036854775808", StatusCode.NotFound, "9223372036854775808"),
        (request => request.Inputs.Clear(), StatusCode.InvalidArgument, "1 raw_input_contents for 0 inputs"),
        (request => { request.Inputs.Clear(); request.RawInputContents.Clear(); }, StatusCode.InvalidArgument, "'x' is missing"),
        (request => request.RawInputContents.Clear(), StatusCode.InvalidArgument, "0 elements in fp32_contents"),
        (request => request.RawInputContents.Add(ByteString.Empty), StatusCode.InvalidArgument, "2 raw_input_contents for 1 inputs"),
        (request => request.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1, 2 } }, StatusCode.InvalidArgument, "both contents and raw_input_contents"),
        (request => { request.Inputs.Add(request.Inputs[0]); request.RawInputContents.Add(request.RawInputContents[0]); }, StatusCode.InvalidArgument, "more than once"),
        (request => request.Inputs[0].Name = "", StatusCode.InvalidArgument, "inputs[0].name"),
        (request => request.Inputs[0].Name = "z", StatusCode.InvalidArgument, "no input 'z'"),
        (request => request.Inputs[0].Datatype = "", StatusCode.InvalidArgument, "datatype"),
        (request => request.Inputs[0].Datatype = "fp32", StatusCode.InvalidArgument, "datatype"),
        (request => request.Inputs[0].Datatype = "BYTES", StatusCode.InvalidArgument, "goes beyond the end"),
        (request => request.Inputs[0].Datatype = "INT32", StatusCode.InvalidArgument, "must be FP32"),
        (request => request.Inputs[0].Shape[1] = 3, StatusCode.InvalidArgument, "12 bytes, not 8"),
        (request => request.Inputs[0].Shape.Add(1), StatusCode.InvalidArgument, "must have the shape"),
        (request => request.Inputs[0].Shape[0] = -1, StatusCode.InvalidArgument, "not possible"),
        (request => { request.Inputs[0].Shape[0] = 16; request.Inputs[0].Shape[1] = (1L << 60) + 2; }, StatusCode.InvalidArgument, "not possible"),
        (request => request.Inputs[0].Shape.Add(Enumerable.Repeat(1L, 100)), StatusCode.InvalidArgument, "64 dimensions"),
        (request => request.RawInputContents[0] = ByteString.CopyFrom(new byte[7]), StatusCode.InvalidArgument, "8 bytes, not 7"),
        (request => request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor()), StatusCode.InvalidArgument, "outputs[0].name"),
        (request => request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "z" }), StatusCode.InvalidArgument, "no output 'z'"),
        (request => request.Outputs.Add(Enumerable.Repeat(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "y" }, 2)), StatusCode.InvalidArgument, "more than once"),
    ];

    [Fact]
    public async Task Parameters_that_are_meant_for_other_servers_are_left_aside()
    {
        await StartAsync(OnnxModels.Times(2));
        var request = Raw(1, 2);
        request.Id = new string('i', 1 << 20);
        foreach (var reserved in new[] { "sequence_id", "sequence_start", "sequence_end", "priority", "timeout", "headers", "binary_data_output", "triton_enable_empty_final_response" })
            request.Parameters[reserved] = new InferParameter { StringParam = "?" };
        request.Inputs[0].Parameters["binary_data_size"] = new InferParameter { Int64Param = -1 };
        var answer = await Client.ModelInferAsync(request, cancellationToken: Cancelled);
        Assert.Equal(request.Id, answer.Id);
        Assert.Equal([2, 4], Floats(answer));
    }

    [Fact]
    public async Task Methods_that_are_not_there_are_UNIMPLEMENTED()
    {
        await StartAsync(OnnxModels.Times(2));
        var method = new Method<ServerLiveRequest, ServerLiveResponse>(
            MethodType.Unary, "inference.GRPCInferenceService", "SystemSharedMemoryRegister",
            Marshallers.Create(message => message.ToByteArray(), ServerLiveRequest.Parser.ParseFrom), Marshallers.Create(message => message.ToByteArray(), ServerLiveResponse.Parser.ParseFrom));
        await IsRefusedAsync(StatusCode.Unimplemented, Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancelled), new ServerLiveRequest()));
    }
}
