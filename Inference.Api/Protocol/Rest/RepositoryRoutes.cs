using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>The protocol's view of the model repository (Triton's extension_model_repository.md): what this replica last said of each version.</summary>
internal static class RepositoryRoutes
{
    private const string Ready = "READY";

    public static void MapRepository(this IEndpointRouteBuilder repository)
    {
        repository.MapPost("/index", IndexAsync);
        repository.MapPost("/models/{model}/load", LoadAsync).DisableRequestTimeout();
        repository.MapPost("/models/{model}/unload", UnloadAsync).DisableRequestTimeout();
    }

    private static async Task<JsonHttpResult<RepositoryEntryBody[]>> IndexAsync(HttpContext context, AckOutbox acks, IOptions<ProtocolOptions> options)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var onlyReady = !body.Memory.IsEmpty && AsksForReady(body.Memory, options.Value.MaxJsonDepth);
        var entries = acks.Said().OrderBy(ack => ack.Model).ThenBy(ack => ack.Version).Select(EntryOf).Where(entry => !onlyReady || entry.State == Ready);
        return TypedResults.Json([.. entries], RestJson.Readable.RepositoryEntryBodyArray);
    }

    private static async Task<JsonHttpResult<LoadedBody>> LoadAsync(string model, HttpContext context, RepositoryControl control, IOptions<ProtocolOptions> options)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        LoadReader.Require(body.Memory, options.Value.MaxJsonDepth);
        var name = await control.LoadAsync(model, context.Request.Headers.Authorization, context.RequestAborted);
        return TypedResults.Json(new LoadedBody(name.ToString(), Load: true), RestJson.Readable.LoadedBody);
    }

    private static async Task<JsonHttpResult<LoadedBody>> UnloadAsync(string model, HttpContext context, RepositoryControl control, IOptions<ProtocolOptions> options)
    {
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        LoadReader.Require(body.Memory, options.Value.MaxJsonDepth);
        var name = await control.UnloadAsync(model, context.Request.Headers.Authorization, context.RequestAborted);
        return TypedResults.Json(new LoadedBody(name.ToString(), Unload: true), RestJson.Readable.LoadedBody);
    }

    private static RepositoryEntryBody EntryOf(ReplicaAck ack) => new(ack.Model.ToString(), ack.Version.ToString(), StateOf(ack.State), ack.Reason);

    private static string StateOf(AckState state) => state switch
    {
        AckState.Serving => Ready,
        AckState.Loading => "LOADING",
        _ => "UNAVAILABLE",
    };

    private static bool AsksForReady(ReadOnlyMemory<byte> body, int maxDepth)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = maxDepth });
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw JsonText.Wrong("The body must be a JSON object.");
            if (!json.RootElement.TryGetProperty("ready", out var ready)) return false;
            return ready.ValueKind is JsonValueKind.True or JsonValueKind.False ? ready.GetBoolean() : throw JsonText.Wrong("ready must be true or false.");
        }
        catch (JsonException problem) { throw JsonText.NotJson("The body", problem); }
    }
}
