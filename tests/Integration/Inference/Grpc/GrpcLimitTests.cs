using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>Large messages, deadlines and callers who leave.</summary>
public sealed class GrpcLimitTests(Azurite azurite, ITestOutputHelper output) : OneGrpcReplica(azurite)
{
    private const int MaxBody = 64 * 1024;

    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    [Fact]
    public async Task A_message_of_exactly_the_limit_is_answered_and_one_byte_more_is_RESOURCE_EXHAUSTED()
    {
        await StartAsync(OnnxModels.Times(2), ("Limits:MaxBodyBytes", $"{MaxBody}"));
        var request = Raw(1, 2);
        request.Id = new string('i', MaxBody - request.CalculateSize() - 4);
        Assert.Equal(MaxBody, request.CalculateSize());
        Assert.Equal(Row(2, 4), Floats(await Client.ModelInferAsync(request, cancellationToken: Cancelled)));
        request.Id += "i";
        await IsRefusedAsync(StatusCode.ResourceExhausted, Client.ModelInferAsync(request, cancellationToken: Cancelled));
        Assert.Empty(App.Logs.Warnings);
    }

    [Fact]
    public async Task A_compressed_message_is_read_as_what_it_holds_up_to_the_limit()
    {
        await StartAsync(OnnxModels.Times(2), ("Limits:MaxBodyBytes", $"{MaxBody}"));
        var request = Raw(1, 2);
        request.Id = new string('i', MaxBody - 100);
        Assert.Equal(Row(2, 4), Floats(await Client.ModelInferAsync(request, Gzip, cancellationToken: Cancelled)));
        request.Id = new string('i', 1000 * MaxBody);
        await IsRefusedAsync(StatusCode.ResourceExhausted, Client.ModelInferAsync(request, Gzip, cancellationToken: Cancelled));
        Assert.Empty(App.Logs.Warnings);
    }

    [Fact]
    public async Task A_message_of_millions_of_empty_inputs_is_refused_before_anything_is_made_of_them()
    {
        await StartAsync(OnnxModels.Times(2));
        var before = GC.GetTotalAllocatedBytes();
        var bomb = new byte[32 << 20];
        for (var i = 0; i < bomb.Length; i += 2) bomb[i] = 5 << 3 | 2;
        var refusal = await RefusalAsync(bomb);
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        var made = (GC.GetTotalAllocatedBytes() - before) >> 20;
        output.WriteLine($"{made} MiB allocated, the client's part included");
        Assert.InRange(made, 0, 300);
    }

    // A byte each on the wire, and eight in memory.
    [Fact]
    public async Task A_message_of_small_numbers_that_would_be_large_in_memory_is_refused_before_it_is_unpacked()
    {
        await StartAsync(OnnxModels.Times(2));
        var numbers = new byte[60 << 20];
        Array.Fill(numbers, (byte)1);
        var bomb = new ProtobufWriter().Text(1, "m").Message(5, new ProtobufWriter().Text(1, "x").Text(2, "INT64").Message(5, new ProtobufWriter().Bytes(3, numbers))).ToArray();
        var before = GC.GetTotalAllocatedBytes();
        var refusal = await RefusalAsync(bomb);
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        var made = (GC.GetTotalAllocatedBytes() - before) >> 20;
        output.WriteLine($"{made} MiB allocated, the client's part included");
        Assert.InRange(made, 0, 400);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_INVALID_ARGUMENT()
    {
        await StartAsync(OnnxModels.Times(2));
        foreach (var bytes in new byte[][] { [0xff], [0x0a, 0x05], [0x0a, 0x01, 0xff], [0x07], [0x2a, 0x02, 0x0a, 0x05] })
        {
            var refusal = await RefusalAsync(bytes);
            Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
            IsReason(refusal.Status.Detail);
        }
        Assert.Empty(App.Logs.Warnings);
    }

    [Fact]
    public async Task A_run_that_takes_longer_than_the_servers_deadline_is_ended()
    {
        await StartAsync(OnnxModels.Spin(), ("Limits:Deadline", "00:00:00.5"), ("Execution:Concurrency", "1"));
        var started = Stopwatch.GetTimestamp();
        var refusal = await IsRefusedAsync(StatusCode.DeadlineExceeded, Client.ModelInferAsync(Rounds(long.MaxValue), cancellationToken: Cancelled));
        output.WriteLine($"ended after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        Assert.Equal("The request was not done within 0.5 s.", refusal.Status.Detail);

        // The one place that the model has is free again.
        await Client.ModelInferAsync(Rounds(1), cancellationToken: Cancelled);
    }

    [Fact]
    public async Task A_callers_own_deadline_and_his_leaving_end_the_run()
    {
        await StartAsync(OnnxModels.Spin(), ("Execution:Concurrency", "1"), ("Execution:MaxWaiting", "0"));
        var late = await Assert.ThrowsAsync<RpcException>(async () => await Client.ModelInferAsync(Rounds(long.MaxValue), deadline: DateTime.UtcNow.AddSeconds(0.5), cancellationToken: Cancelled));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await FreeAsync();

        using var leaving = new CancellationTokenSource();
        var call = Begin();
        await Eventually.IsTrueAsync("the run is under way", async () =>
        {
            // It may have met one of those who ask, and was refused.
            if (call.ResponseAsync.IsCompleted) call = Begin();
            return await StatusAsync() == StatusCode.Unavailable && !call.ResponseAsync.IsCompleted;
        });
        var full = await IsRefusedAsync(StatusCode.Unavailable, Client.ModelInferAsync(Rounds(1), cancellationToken: Cancelled));
        Assert.Equal("1000", full.Trailers.GetValue("grpc-retry-pushback-ms"));
        await leaving.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
        await FreeAsync();
        Assert.Empty(App.Logs.Warnings);

        AsyncUnaryCall<ModelInferResponse> Begin() => Client.ModelInferAsync(Rounds(long.MaxValue), cancellationToken: leaving.Token);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("a byte now and then")]
    public async Task A_sender_that_does_not_get_done_is_ended_by_the_deadline_and_holds_nobody_up(string sends)
    {
        await StartAsync(OnnxModels.Times(2), ("Limits:Deadline", "00:00:01"), ("Execution:Concurrency", "1"), ("Execution:MaxWaiting", "0"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Channel.Target}") };
        using var late = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { TE = { new("trailers") } },
            Content = new UnfinishedMessage(sends == "nothing" ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(100)),
        };
        var started = Stopwatch.GetTimestamp();
        var ending = EndAsync();
        var others = 0;
        for (; !ending.IsCompleted; others++) Assert.Equal(Row(2, 4), Floats(await Client.ModelInferAsync(Raw(1, 2), cancellationToken: Cancelled)));
        output.WriteLine($"{await ending} after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s, {others} other calls meanwhile");
        Assert.Equal("4: The request was not done within 1 s.", await ending);
        Assert.NotEqual(0, others);
        Assert.Equal(Row(2, 4), Floats(await Client.ModelInferAsync(Raw(1, 2), cancellationToken: Cancelled)));
        Assert.Empty(App.Logs.Warnings);

        async Task<string> EndAsync()
        {
            using var answer = await http.SendAsync(late, HttpCompletionOption.ResponseHeadersRead, Cancelled);
            await answer.Content.ReadAsByteArrayAsync(Cancelled);
            // In the headers where nothing else was sent.
            var status = answer.TrailingHeaders.Contains("grpc-status") ? answer.TrailingHeaders : answer.Headers;
            return $"{status.GetValues("grpc-status").Single()}: {Uri.UnescapeDataString(status.GetValues("grpc-message").Single())}";
        }
    }

    private Task FreeAsync() => Eventually.IsTrueAsync("the place is free", async () => await StatusAsync() == StatusCode.OK);

    private async Task<StatusCode> StatusAsync()
    {
        try
        {
            await Client.ModelInferAsync(Rounds(1), cancellationToken: Cancelled);
            return StatusCode.OK;
        }
        catch (RpcException refused) { return refused.StatusCode; }
    }

    /// <summary>The frame of a message of 1000 bytes, of which one comes now and then, if at all.</summary>
    private sealed class UnfinishedMessage : HttpContent
    {
        private readonly TimeSpan _pause;

        public UnfinishedMessage(TimeSpan pause)
        {
            _pause = pause;
            Headers.ContentType = new("application/grpc");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 1000 >> 8, 1000 & 255 }, cancellationToken);
            while (true)
            {
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(_pause, cancellationToken);
                await stream.WriteAsync(new byte[] { 0x0a }, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private async Task<RpcException> RefusalAsync(byte[] message)
    {
        var method = new Method<byte[], ModelInferResponse>(
            MethodType.Unary, "inference.GRPCInferenceService", "ModelInfer", Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(answer => answer.ToByteArray(), ModelInferResponse.Parser.ParseFrom));
        return await Assert.ThrowsAsync<RpcException>(async () => await Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancelled), message));
    }
}
