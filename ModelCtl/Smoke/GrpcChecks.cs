using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Smoke;

/// <summary>What a client over gRPC asks before its first inference: the health protocol, the server, the model.</summary>
internal sealed class GrpcChecks(Uri address, ModelName model) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    // SERVING and ready alike: field 1, a varint, is 1.
    private static readonly byte[] Yes = [0x08, 1];

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);

    public async Task<string> AnswersAsync(CancellationToken cancelled)
    {
        await AskAsync("grpc.health.v1.Health", "Check", [], cancelled);
        await AskAsync("inference.GRPCInferenceService", "ServerReady", [], cancelled);
        // Field 1, a text: the name, which is never longer than 63 bytes.
        await AskAsync("inference.GRPCInferenceService", "ModelReady", [0x0A, (byte)model.ToString().Length, .. Encoding.UTF8.GetBytes(model.ToString())], cancelled);
        return $"serving, {model} ready";
    }

    public void Dispose() => _channel.Dispose();

    private async Task AskAsync(string service, string method, byte[] request, CancellationToken cancelled)
    {
        try
        {
            var call = new Method<byte[], byte[]>(MethodType.Unary, service, method, Raw, Raw);
            var options = new CallOptions(deadline: DateTime.UtcNow + Patience, cancellationToken: cancelled);
            var answer = await _channel.CreateCallInvoker().AsyncUnaryCall(call, null, options, request);
            if (!answer.AsSpan().StartsWith(Yes)) throw new CommandFailure(ExitCode.Failed, $"{service}/{method} says no.");
        }
        catch (RpcException failure) when (!cancelled.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Failed, $"{service}/{method}: {failure.StatusCode}: {Quoted.Of(failure.Status.Detail, 200)}");
        }
    }
}
