using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ModelPlatform.Inference.Classification;
using ModelPlatform.Inference.Images;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Scoring with pictures as they are: the body is the encoded file, or holds several of them.</summary>
internal static class ClassifyRoutes
{
    private const string Multipart = "multipart/form-data", Json = "application/json";
    private static readonly string[] Pictures = ["image/jpeg", "image/png", "image/webp"];

    public static void MapClassify(this IEndpointRouteBuilder models)
    {
        models.MapPost("/{model}/classify", (string model, HttpContext context, InferencePipeline pipeline, IOptions<ImageOptions> images) =>
            ClassifyAsync(model, null, context, pipeline, images.Value));
        models.MapPost("/{model}/versions/{version}/classify", (string model, string version, HttpContext context, InferencePipeline pipeline, IOptions<ImageOptions> images) =>
            ClassifyAsync(model, version, context, pipeline, images.Value));
    }

    private static async Task<IResult> ClassifyAsync(string model, string? version, HttpContext context, InferencePipeline pipeline, ImageOptions limits)
    {
        pipeline.RequireServed(model, version);
        var media = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var stated) ? stated : null;
        if (media is null || !IsOne(media) && !Is(media, Multipart) && !Is(media, Json))
            throw new InferenceFault(FaultKind.UnsupportedMedia, $"Send a picture with Content-Type {string.Join(", ", Pictures)}, or several as {Multipart} or {Json}.");
        var boundary = Is(media, Multipart) ? MultipartPictures.Boundary(media) : null;

        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var answer = await pipeline.ClassifyAsync(model, version, Read, null, () => Deadline.IsLate(context), context.RequestAborted);
        var (name, number) = (answer.Model.Name.ToString(), answer.Model.Version.ToString());
        return IsOne(media)
            ? TypedResults.Json(new ClassifyBody(name, number, BodyOf(answer.Pictures[0])), RestJson.Readable.ClassifyBody)
            : TypedResults.Json(new ClassifyManyBody(name, number, [.. answer.Pictures.Select(picture => new PictureBody(BodyOf(picture)))]), RestJson.Readable.ClassifyManyBody);

        IReadOnlyList<ReadOnlyMemory<byte>> Read() => boundary is not null ? MultipartPictures.Read(body.Memory, boundary, limits.MaxPictures)
            : IsOne(media) ? [body.Memory]
            : JsonPictures.Read(body.Memory.Span, limits.MaxPictures);
    }

    private static PredictionBody[] BodyOf(Prediction[] predictions) => [.. predictions.Select(best => new PredictionBody(best.Label, best.Index, best.Probability))];

    private static bool IsOne(MediaTypeHeaderValue media) => Array.Exists(Pictures, picture => Is(media, picture));

    private static bool Is(MediaTypeHeaderValue media, string type) => media.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);
}
