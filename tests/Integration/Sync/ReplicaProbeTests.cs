using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModelPlatform.Sync.Health;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>An address is what somebody said it is: whatever is there, the answer is a short sentence, soon.</summary>
public sealed class ReplicaProbeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_success_is_ready()
    {
        Assert.Null(await ObstacleAsync(context => context.Response.WriteAsync("anything", Cancelled)));
        Assert.Equal("It answers 404.", await ObstacleAsync(Status(404)));
        Assert.Equal("It answers 503.", await ObstacleAsync(Status(503)));
    }

    [Theory]
    [InlineData("""{"ready":false,"reason":"It is shutting down."}""", "It is shutting down.")]
    [InlineData("""{"ready":false,"reason":"a\u0000b<script>"}""", "a\\u0000b<script>")]
    [InlineData("""{"reason":7}""", "It answers 503.")]
    [InlineData("""[]""", "It answers 503.")]
    [InlineData("""{"reason":""", "It answers 503.")]
    [InlineData("", "It answers 503.")]
    public async Task A_reason_is_read_where_there_is_one(string body, string obstacle) => Assert.Equal(obstacle, await ObstacleAsync(async context =>
    {
        context.Response.StatusCode = 503;
        await context.Response.WriteAsync(body, Cancelled);
    }));

    [Fact]
    public async Task A_redirect_is_not_followed() => Assert.Equal("It answers 307.", await ObstacleAsync(context =>
    {
        context.Response.Redirect("/v2/health/live", permanent: false, preserveMethod: true);
        return Task.CompletedTask;
    }));

    [Fact]
    public async Task A_long_reason_is_cut_and_a_long_answer_not_read()
    {
        var cut = await ObstacleAsync(Reason(new string('x', 2000)));
        Assert.Equal($"{new string('x', 300)}… (2000 characters)", cut);
        Assert.StartsWith("No answer: ", await ObstacleAsync(Reason(new string('x', 1_000_000))), StringComparison.Ordinal);

        static RequestDelegate Reason(string reason) => context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsJsonAsync(new { reason }, Cancelled);
        };
    }

    [Fact]
    public async Task What_trickles_in_is_cut_off() => Assert.Equal("No answer within 0.2 s.", await ObstacleAsync(async context =>
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ", Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancelled);
        }
    }, TimeSpan.FromSeconds(0.2)));

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://host.invalid/")]
    [InlineData("http://[::ffff:127.0.0.1%25x]:1/")]
    [InlineData("http://a_b..c:1")]
    public async Task Where_nobody_is_there_is_no_answer(string address)
    {
        using var probe = Probe(TimeSpan.FromSeconds(10));
        Assert.StartsWith("No answer", (await probe.AskAsync(address, Cancelled)).Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_speak_HTTP_gave_no_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var talking = TalkAsync(listener);
        using var probe = Probe(TimeSpan.FromSeconds(10));
        Assert.StartsWith("No answer: ", (await probe.AskAsync($"http://{listener.LocalEndpoint}", Cancelled)).Obstacle, StringComparison.Ordinal);
        await talking;

        static async Task TalkAsync(TcpListener listener)
        {
            using var client = await listener.AcceptTcpClientAsync(Cancelled);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("SSH-2.0-something\r\n\r\n"), Cancelled);
        }
    }

    [Fact]
    public async Task Each_question_has_a_connection_of_its_own()
    {
        var connections = new HashSet<string>();
        await using var replica = await FakeReplica.StartAsync();
        replica.Answer = context =>
        {
            connections.Add(context.Connection.Id);
            return Task.CompletedTask;
        };
        using var probe = Probe(TimeSpan.FromSeconds(10));
        for (var question = 0; question < 3; question++) Assert.Null((await probe.AskAsync(replica.Address, Cancelled)).Obstacle);
        Assert.Equal(3, connections.Count);
    }

    /// <summary>Whatever measures HTTP clients keeps a dozen series for each address, for good.</summary>
    [Fact]
    public async Task Nothing_is_measured_of_it()
    {
        await using var replica = await FakeReplica.StartAsync();
        var port = new Uri(replica.Address).Port;
        var measured = new ConcurrentBag<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, itself) => { if (instrument.Meter.Name == "System.Net.Http") itself.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        using (var probe = Probe(TimeSpan.FromSeconds(10))) await probe.AskAsync(replica.Address, Cancelled);
        Assert.Empty(measured);

        // By anybody else it is.
        using (var client = new HttpClient()) await client.GetAsync(new Uri(replica.Address), Cancelled);
        Assert.NotEmpty(measured);

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "server.port" && port.Equals(tag.Value)) measured.Add(instrument.Name);
            }
        }
    }

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static async Task<string?> ObstacleAsync(RequestDelegate answer, TimeSpan? patience = null)
    {
        await using var replica = await FakeReplica.StartAsync();
        replica.Answer = answer;
        using var probe = Probe(patience ?? TimeSpan.FromSeconds(10));
        return (await probe.AskAsync(replica.Address, Cancelled)).Obstacle;
    }

    private static ReplicaProbe Probe(TimeSpan patience) => new(Options.Create(new HealthOptions { Patience = patience }));
}
