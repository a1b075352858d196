using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Reloading;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The model repository over REST (Triton's extension_model_repository.md).</summary>
internal static class RepositoryRoutes
{
    // What may be said here takes a line. Anybody may ask for the index.
    private const long MaxBodyBytes = 64 << 10;

    public static void MapRepository(this IEndpointRouteBuilder server)
    {
        var repository = server.MapGroup("/repository").WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        repository.MapPost("/index", IndexAsync);
        repository.MapPost("/models/{model}/load", LoadAsync).DisableRequestTimeout();
        repository.MapPost("/models/{model}/unload", UnloadAsync).DisableRequestTimeout();
    }

    private static async Task<JsonHttpResult<RepositoryEntry[]>> IndexAsync(HttpContext context, AckOutbox acks, IOptions<ProtocolOptions> options)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var onlyReady = !body.Memory.IsEmpty && AsksForReady(body.Memory, options.Value.MaxJsonDepth);
        return TypedResults.Json(RepositoryIndex.Of(acks, onlyReady), RestJson.Readable.RepositoryEntryArray);
    }

    private static async Task<JsonHttpResult<LoadedBody>> LoadAsync(string model, HttpContext context, RepositoryControl control, IOptions<ProtocolOptions> options)
    {
        control.RequireAllowed(context.Request.Headers.Authorization);
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        LoadReader.Require(body.Memory, options.Value.MaxJsonDepth);
        var name = await control.LoadAsync(model, context.Request.Headers.Authorization, context.RequestAborted);
        return TypedResults.Json(new LoadedBody(name.ToString(), Load: true), RestJson.Readable.LoadedBody);
    }

    private static async Task<JsonHttpResult<LoadedBody>> UnloadAsync(string model, HttpContext context, RepositoryControl control, IOptions<ProtocolOptions> options)
    {
        control.RequireAllowed(context.Request.Headers.Authorization);
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        LoadReader.Require(body.Memory, options.Value.MaxJsonDepth);
        var name = await control.UnloadAsync(model, context.Request.Headers.Authorization, context.RequestAborted);
        return TypedResults.Json(new LoadedBody(name.ToString(), Unload: true), RestJson.Readable.LoadedBody);
    }

    private static bool AsksForReady(ReadOnlyMemory<byte> body, int maxDepth)
    {
        using var json = JsonText.ObjectOf(body, maxDepth);
        if (!json.RootElement.TryGetProperty("ready", out var ready)) return false;
        return ready.ValueKind is JsonValueKind.True or JsonValueKind.False ? ready.GetBoolean() : throw JsonText.Wrong("ready must be true or false.");
    }
}
