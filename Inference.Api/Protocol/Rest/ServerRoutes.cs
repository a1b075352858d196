using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Inference.Reloading;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The server itself: what it is, whether it lives and whether it should get requests.</summary>
internal static class ServerRoutes
{
    private static readonly string Version = typeof(ServerRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static readonly string[] Extensions = ["binary_tensor_data", "classification", "model_configuration", "model_repository", "statistics"];

    public static void MapServer(this IEndpointRouteBuilder server)
    {
        server.MapGet("/", () => TypedResults.Json(new ServerBody("model-platform", Version, Extensions), RestJson.Readable.ServerBody));
        server.MapGet("/health/live", () => TypedResults.Json(new LiveBody(true), RestJson.Readable.LiveBody));
        server.MapGet("/health/ready", Ready);
    }

    private static JsonHttpResult<ReadyBody> Ready(ReadinessBoard readiness)
    {
        var obstacle = readiness.Obstacle();
        return TypedResults.Json(
            new ReadyBody(obstacle is null, obstacle), RestJson.Readable.ReadyBody,
            statusCode: obstacle is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
