using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Protocol.Grpc;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Inference.Protocol;

internal sealed class RateLimitOptions
{
    public const string Section = "RateLimit";

    /// <summary>Scoring requests that one client, told by its address, may send in a second on average, over REST and gRPC together; above it, 429 or RESOURCE_EXHAUSTED. 0 for no limit. Behind a proxy all clients have the proxy's address.</summary>
    [Range(0, 1_000_000)] public int PerSecond { get; set; }

    /// <summary>Requests that a client who was silent may send at once.</summary>
    [Range(1, 1_000_000)] public int Burst { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>;

/// <summary>On routes and calls that score.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RateLimitedAttribute : Attribute;

/// <summary>The same limit for requests that share a stream.</summary>
internal sealed class ClientRate(IOptions<RateLimiterOptions> limiter)
{
    /// <exception cref="InferenceFault">The client has sent too many.</exception>
    public void Require(HttpContext client)
    {
        using var lease = limiter.Value.GlobalLimiter!.AttemptAcquire(client);
        if (!lease.IsAcquired) throw new InferenceFault(FaultKind.OverRate, RateLimit.Reason);
    }
}

/// <summary>Keeps one client from taking what all share, before anything of its request is read.</summary>
internal static class RateLimit
{
    public const string Reason = "This client sends more requests than it may; send the next ones later.";

    public static void AddRateLimit(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RateLimitOptions, RateLimitOptionsValidator>().BindConfiguration(RateLimitOptions.Section);
        services.AddSingleton<ClientRate>();
        services.AddRateLimiter(limiter =>
        {
            // Not a policy: nobody but the middleware can ask the limiter of one, and streams have to.
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(PartitionOf);
            limiter.OnRejected = async (rejected, cancelled) => await RefuseAsync(rejected, cancelled);
        });
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        if (options.PerSecond == 0 || context.GetEndpoint()?.Metadata.GetMetadata<RateLimitedAttribute>() is null) return RateLimitPartition.GetNoLimiter("");
        return RateLimitPartition.GetTokenBucketLimiter(context.Connection.RemoteIpAddress?.MapToIPv6().ToString() ?? "unknown", _ => Bucket(options));
    }

    // Filled ten times a second where that gives a whole number of tokens: a client at its rate is not refused for coming in a row.
    private static TokenBucketRateLimiterOptions Bucket(RateLimitOptions options) => new()
    {
        TokenLimit = options.Burst,
        TokensPerPeriod = options.PerSecond % 10 == 0 ? options.PerSecond / 10 : options.PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(options.PerSecond % 10 == 0 ? 0.1 : 1),
    };

    private static Task RefuseAsync(OnRejectedContext rejected, CancellationToken cancelled)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var context = rejected.HttpContext;
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
            return EarlyRefusal.WriteAsync(context, FaultKind.OverRate, Reason, wait);
        context.Response.Headers.RetryAfter = $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds))}";
        return FaultAnswers.RefuseAsync(context, FaultKind.OverRate, Reason, cancelled);
    }
}
