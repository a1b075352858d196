using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Scoring with tensors. Two handlers, because one on both patterns would take a version from the query string on the first.</summary>
internal static class InferRoutes
{
    public static void MapInfer(this IEndpointRouteBuilder models)
    {
        models.MapPost("/{model}/infer", (string model, HttpContext context, InferencePipeline pipeline, IOptions<ProtocolOptions> options) =>
            InferAsync(model, null, context, pipeline, options.Value));
        models.MapPost("/{model}/versions/{version}/infer", (string model, string version, HttpContext context, InferencePipeline pipeline, IOptions<ProtocolOptions> options) =>
            InferAsync(model, version, context, pipeline, options.Value));
    }

    private static async Task InferAsync(string model, string? version, HttpContext context, InferencePipeline pipeline, ProtocolOptions options)
    {
        pipeline.RequireServed(model, version);
        var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var answer = await pipeline.InferAsync(InferReader.Read(model, version, body.Span, options.MaxJsonDepth), context.RequestAborted);

        // Written whole before the first byte goes out: an output that JSON cannot say must still become an error.
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) InferWriter.Write(json, answer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
