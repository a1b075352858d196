using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Scoring with a picture as it is: the body is the encoded file.</summary>
internal static class ClassifyRoutes
{
    private static readonly string[] MediaTypes = ["image/jpeg", "image/png", "image/webp"];

    public static void MapClassify(this IEndpointRouteBuilder models)
    {
        models.MapPost("/{model}/classify", (string model, HttpContext context, InferencePipeline pipeline) => ClassifyAsync(model, null, context, pipeline));
        models.MapPost("/{model}/versions/{version}/classify", (string model, string version, HttpContext context, InferencePipeline pipeline) =>
            ClassifyAsync(model, version, context, pipeline));
    }

    private static async Task<JsonHttpResult<ClassifyBody>> ClassifyAsync(string model, string? version, HttpContext context, InferencePipeline pipeline)
    {
        pipeline.RequireServed(model, version);
        RequirePicture(context.Request.ContentType);
        using var picture = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var answer = await pipeline.ClassifyAsync(model, version, () => [picture.Memory.ToArray()], null, context.RequestAborted);
        return TypedResults.Json(
            new ClassifyBody(
                answer.Model.Name.ToString(),
                answer.Model.Version.ToString(),
                [.. answer.Pictures[0].Select(best => new PredictionBody(best.Label, best.Index, best.Probability))]),
            RestJson.Readable.ClassifyBody);
    }

    private static void RequirePicture(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var media) || !MediaTypes.Contains(media.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            throw new InferenceFault(FaultKind.UnsupportedMedia, $"Send a picture with Content-Type {string.Join(", ", MediaTypes)}.");
    }
}
