using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>
/// Between the protocol's messages and ours. A tensor in raw form is not copied either way: it is the message's own bytes, or becomes them.
/// </summary>
internal static class InferMessages
{
    /// <exception cref="InferenceFault">Names the place in the message and what is wrong there.</exception>
    public static InferCall Read(ModelInferRequest request)
    {
        var raw = request.RawInputContents;
        if (raw.Count > 0 && raw.Count != request.Inputs.Count)
            throw Wrong($"There are {raw.Count} raw_input_contents for {request.Inputs.Count} inputs: it is all inputs in raw form or none.");
        var inputs = new Tensor[request.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = Input(request.Inputs[i], $"inputs[{i}]", raw.Count > 0 ? raw[i] : null);
        return new InferCall(request.Id, inputs, request.Outputs.Count == 0 ? null : [.. request.Outputs.Select(Output)]);
    }

    /// <summary>Outputs always go back in raw form, which every client reads and every datatype has.</summary>
    public static ModelInferResponse Write(InferAnswer answer)
    {
        var response = new ModelInferResponse { ModelName = answer.Model.Name.ToString(), ModelVersion = answer.Model.Version.ToString(), Id = answer.Id };
        foreach (var output in answer.Outputs)
        {
            response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor { Name = output.Name, Datatype = output.Datatype.Name, Shape = { output.Shape } });
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(output.Data));
        }
        return response;
    }

    private static Tensor Input(ModelInferRequest.Types.InferInputTensor input, string place, ByteString? raw)
    {
        if (input.Name.Length == 0) throw Wrong($"{place}.name is missing.");
        var datatype = Datatype.Find(input.Datatype) ?? throw Wrong($"{place}: '{Quoted.Of(input.Datatype)}' is not a datatype that is served.");
        if (input.Shape.Count > Shapes.MaxRank) throw Wrong($"{place}.shape has more than {Shapes.MaxRank} dimensions.");
        if (raw is null) return TypedContents.Read(input.Name, datatype, [.. input.Shape], input.Contents ?? new InferTensorContents());
        if (input.Contents is { } contents && TypedContents.CountOf(contents) > 0) throw Wrong($"{place} has both contents and raw_input_contents.");
        return BinaryTensors.Wrap(input.Name, datatype, [.. input.Shape], BytesOf(raw));
    }

    private static RequestedOutput Output(ModelInferRequest.Types.InferRequestedOutputTensor output, int index) =>
        new(output.Name.Length > 0 ? output.Name : throw Wrong($"outputs[{index}].name is missing."), ClassesOf(output.Parameters, $"outputs[{index}].parameters"));

    // Other parameters may be meant for another server and are left aside, as they are over REST.
    private static long? ClassesOf(MapField<string, InferParameter> parameters, string place) => parameters.GetValueOrDefault("classification") switch
    {
        null => null,
        { ParameterChoiceCase: InferParameter.ParameterChoiceOneofCase.Int64Param, Int64Param: > 0 and var classes } => classes,
        { ParameterChoiceCase: InferParameter.ParameterChoiceOneofCase.Uint64Param, Uint64Param: > 0 and <= long.MaxValue and var classes } => (long)classes,
        _ => throw Wrong($"{place}.classification must be a number of classes."),
    };

    private static byte[] BytesOf(ByteString raw) =>
        MemoryMarshal.TryGetArray(raw.Memory, out var own) && own.Offset == 0 && own.Count == own.Array!.Length ? own.Array : raw.ToByteArray();

    private static InferenceFault Wrong(string reason) => new(FaultKind.InvalidInput, reason);
}
