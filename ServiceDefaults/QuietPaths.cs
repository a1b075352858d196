using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace ModelPlatform.ServiceDefaults;

/// <summary>Paths that are asked for ever and ever: nothing of them goes into a trace.</summary>
internal static class QuietPaths
{
    public const string Health = "/health";
    public const string Alive = "/alive";
    public const string Metrics = "/metrics";

    private const string ProtocolHealth = "/v2/health/";
    private const string GrpcHealth = "/grpc.health.v1.Health/";
    private const string GrpcLive = "/inference.GRPCInferenceService/ServerLive";
    private const string GrpcReady = "/inference.GRPCInferenceService/ServerReady";
    private const string Watch = "/v1/state/watch";

    // What the health page asks for while it is open in a browser.
    private const string Page = "/healthchecks-api";

    // What an open console asks for.
    private const string ConsoleEvents = "/console/events";
    private const string ConsoleContent = "/console/content";

    // A hint is no part of the change that it hints at, and most are of none.
    private const string Events = "/events/blob";

    private const string Acks = "/acks";

    public static bool Contain([NotNullWhen(true)] string? path) => path is Watch or Page or ConsoleEvents or ConsoleContent or Events || AreProbed(path);

    /// <summary>An ack that only repeats what was said comes without a trace to belong to: it begins none either.</summary>
    public static bool Contain(HttpRequest request) =>
        Contain(request.Path) || request.Path.Value?.EndsWith(Acks, StringComparison.Ordinal) == true && !request.Headers.ContainsKey("traceparent");

    public static bool AreProbed([NotNullWhen(true)] string? path) =>
        path is "/" or Health or Alive or Metrics or GrpcLive or GrpcReady
        || path?.StartsWith(ProtocolHealth, StringComparison.Ordinal) == true
        || path?.StartsWith(GrpcHealth, StringComparison.Ordinal) == true;
}
