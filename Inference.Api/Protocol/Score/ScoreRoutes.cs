using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Reloading;

namespace ModelPlatform.Inference.Protocol.Score;

/// <summary>The contract of the 2018 recipe, for clients that were written against it.</summary>
internal static class ScoreRoutes
{
    public static void MapScore(this IEndpointRouteBuilder app)
    {
        app.MapPost("/score", ScoreAsync).WithMetadata(new RateLimitedAttribute());
        app.MapGet("/version", () => TypedResults.Text(OnnxSession.RuntimeVersion));
        app.MapGet("/", Healthy);
    }

    private static async Task ScoreAsync(HttpContext context, InferencePipeline pipeline, ModelCatalog catalog, IOptions<ScoreOptions> options, TimeProvider time)
    {
        if (!context.Request.HasJsonContentType()) throw new InferenceFault(FaultKind.UnsupportedMedia, "Send JSON with Content-Type application/json.");
        var started = time.GetTimestamp();
        var model = options.Value.Model ?? TheOnlyClassifier(catalog);
        pipeline.RequireServed(model, null);
        using var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        var answer = await pipeline.ClassifyAsync(
            model, null, () => ScoreReader.Read(body.Memory.Span, options.Value.MaxPictures), ScoreWriter.Top, () => Deadline.IsLate(context), context.RequestAborted);

        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) ScoreWriter.Write(json, answer.Pictures, time.GetElapsedTime(started));
        context.Response.Headers["Model-Name"] = answer.Model.Name.ToString();
        context.Response.Headers["Model-Version"] = answer.Model.Version.ToString();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static ContentHttpResult Healthy(ReadinessBoard readiness) => readiness.Obstacle() is { } obstacle
        ? TypedResults.Text(obstacle, statusCode: StatusCodes.Status503ServiceUnavailable)
        : TypedResults.Text("Healthy");

    private static string TheOnlyClassifier(ModelCatalog catalog)
    {
        var classifiers = catalog.Names.Where(name => catalog.Of(name) is [{ Classifier: not null }, ..]).ToList();
        return classifiers switch
        {
            [var only] => only.ToString(),
            [] => throw new InferenceFault(FaultKind.NotReady, "No model that classifies pictures is served here."),
            _ => throw new InferenceFault(FaultKind.InvalidInput, $"Several models classify pictures: {string.Join(", ", classifiers)}. Set Score:Model to one of them."),
        };
    }
}
