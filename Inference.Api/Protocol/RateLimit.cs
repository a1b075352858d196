using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Protocol.Rest;

namespace ModelPlatform.Inference.Protocol;

internal sealed class RateLimitOptions
{
    public const string Section = "RateLimit";

    /// <summary>Scoring requests that one client, told by its address, may send in a second on average; above it, 429. 0 for no limit. Behind a proxy all clients have the proxy's address.</summary>
    [Range(0, 1_000_000)] public int PerSecond { get; set; }

    /// <summary>Requests that a client who was silent may send at once.</summary>
    [Range(1, 1_000_000)] public int Burst { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>;

/// <summary>Keeps one client from taking what all share, before anything of its request is read.</summary>
internal static class RateLimit
{
    /// <summary>For routes that score: <c>RequireRateLimiting</c>.</summary>
    public const string Policy = "client";

    public static void AddRateLimit(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RateLimitOptions, RateLimitOptionsValidator>().BindConfiguration(RateLimitOptions.Section);
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Policy, PartitionOf);
            limiter.OnRejected = async (rejected, cancelled) => await RefuseAsync(rejected, cancelled);
        });
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        var client = context.Connection.RemoteIpAddress?.MapToIPv6().ToString() ?? "";
        return options.PerSecond == 0 ? RateLimitPartition.GetNoLimiter("") : RateLimitPartition.GetTokenBucketLimiter(client, _ => Bucket(options));
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
        rejected.HttpContext.Response.Headers.RetryAfter = $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds))}";
        return FaultAnswers.RefuseAsync(rejected.HttpContext, FaultKind.OverRate, "This client sends more requests than it may; send the next ones later.", cancelled);
    }
}
