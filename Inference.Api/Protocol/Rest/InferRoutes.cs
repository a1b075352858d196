using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Models;

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
        using var sent = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var body = InferBody.Split(sent.Memory, context.Request.Headers[InferBody.JsonLengthHeader]);
        InferRequest? request = null;
        var answer = await pipeline.InferAsync(model, version, served => (request = Read(served)).Call, () => Deadline.IsLate(context), context.RequestAborted);
        await InferWriter.WriteAsync(context.Response, answer, request!.Forms, context.RequestAborted);

        InferRequest Read(LoadedModel served) => body.IsRaw ? Raw(served, body) : InferReader.Read(body, options.MaxJsonDepth);
    }

    // Who sends bytes without a word gets bytes.
    private static InferRequest Raw(LoadedModel served, InferBody body) =>
        new(new InferCall(null, [RawInput.Read(served.Inputs, body.Binary!.Value.Span)], null), OutputForms.All(binary: true));
}
