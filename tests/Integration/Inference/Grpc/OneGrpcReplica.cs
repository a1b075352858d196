using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>A replica on real sockets, asked through generated stubs.</summary>
public abstract class OneGrpcReplica(Azurite azurite) : OneReplica(azurite)
{
    private GrpcChannel? _channel;

    private protected InferenceApp App { get; private set; } = null!;

    private protected GRPCInferenceService.GRPCInferenceServiceClient Client { get; private set; } = null!;

    private protected Health.HealthClient HealthClient { get; private set; } = null!;

    private protected GrpcChannel Channel => _channel!;

    private protected async Task StartAsync(byte[] model, params (string, string)[] settings)
    {
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(await Repository.PublishAsync(Id(1), Files(model)))));
        await StartAsync(settings);
    }

    private protected async Task StartAsync(params (string, string)[] settings)
    {
        App = Start(settings);
        _channel = App.StartWithGrpc();
        Client = new(_channel);
        HealthClient = new(_channel);
        await Eventually.IsTrueAsync("the replica is ready", async () => (await Client.ServerReadyAsync(new(), cancellationToken: Cancelled)).Ready);
    }

    private protected static ModelInferRequest Raw(string name, string datatype, long[] shape, byte[] data) => new()
    {
        ModelName = "m",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = datatype, Shape = { shape } } },
        RawInputContents = { ByteString.CopyFrom(data) },
    };

    private protected static ModelInferRequest Raw(params float[] row) => Raw("x", "FP32", [row.Length / 2, 2], MemoryMarshal.AsBytes(row.AsSpan()).ToArray());

    private protected static ModelInferRequest Rounds(long rounds) => Raw("rounds", "INT64", [1], BitConverter.GetBytes(rounds));

    private protected static float[] Row(params float[] values) => values;

    private protected static float[] Floats(ModelInferResponse answer, int output = 0) => MemoryMarshal.Cast<byte, float>(answer.RawOutputContents[output].Span).ToArray();

    /// <summary>The status says what is wrong, and gives nothing away.</summary>
    private protected static async Task<RpcException> IsRefusedAsync<T>(StatusCode status, AsyncUnaryCall<T> call)
    {
        using (call)
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(async () => await call);
            Assert.True(status == refusal.StatusCode, refusal.Status.ToString());
            IsReason(refusal.Status.Detail);
            return refusal;
        }
    }

    private protected static void IsReason(string text)
    {
        Assert.False(string.IsNullOrWhiteSpace(text));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".cs", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
