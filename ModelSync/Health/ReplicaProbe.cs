using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// Asks one replica at its own address whether it is ready. The address is what a replica said of itself: nothing of it but scheme, host and port is used,
/// no redirect is followed, and little is read. Not the platform's usual client, which would repeat what is answered with 503 and look the name up.
/// </summary>
internal sealed class ReplicaProbe(IOptions<HealthOptions> options) : IDisposable
{
    private const int MaxAnswerBytes = 4096;
    private const int MaxReason = 300;

    private static readonly UnreadMeters Unread = new();

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        MeterFactory = Unread,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 8,   // KB
        // A connection for each question: a thousand that are kept would be most of what ModelSync holds.
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    {
        Timeout = options.Value.Patience,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    public async Task<ReplicaAnswer> AskAsync(string address, CancellationToken cancelled)
    {
        var asked = Stopwatch.GetTimestamp();
        var obstacle = await ObstacleAsync(address, cancelled);
        return new ReplicaAnswer(obstacle, Stopwatch.GetElapsedTime(asked));
    }

    public void Dispose() => _client.Dispose();

    private async Task<string?> ObstacleAsync(string address, CancellationToken cancelled)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(new Uri(address), "/v2/health/ready"), cancelled);
            if (answer.IsSuccessStatusCode) return null;
            var reason = answer.StatusCode == HttpStatusCode.ServiceUnavailable ? ReasonIn(await answer.Content.ReadAsByteArrayAsync(cancelled)) : null;
            return reason ?? $"It answers {(int)answer.StatusCode}.";
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested) { return $"No answer within {options.Value.Patience.TotalSeconds:0.#} s."; }
#pragma warning disable CA1031 // Whatever an address leads to is an answer: one replica must not end the round for the others.
        catch (Exception failure) when (failure is not OperationCanceledException) { return $"No answer: {Quoted.Of(failure.Message, MaxReason)}"; }
#pragma warning restore CA1031
    }

    private static string? ReasonIn(byte[] body)
    {
        try { return JsonSerializer.Deserialize(body, ReadinessJson.Default.ReadinessBody)?.Reason is { } reason ? Quoted.Of(reason, MaxReason) : null; }
        catch (JsonException) { return null; }
    }
}

internal sealed record ReadinessBody(string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReadinessBody))]
internal sealed partial class ReadinessJson : JsonSerializerContext;
