using System.Net.Mime;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>
/// The description of every REST route in the form of OpenAPI, and a page on which to try them. It is written by hand: bodies are read and written
/// without types that a generator could describe, and a start should not wait for one. Tests hold it against the routes and the types there are.
/// </summary>
internal static class ApiDocument
{
    public const string Address = "/openapi.json";
    private const string Page = "docs";

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapGet(Address, () => TypedResults.Bytes(Read(), MediaTypeNames.Application.Json));
        app.MapGet("/v2/docs", () => TypedResults.Redirect($"/{Page}"));
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page;
            page.DocumentTitle = "ModelPlatform";
            page.SwaggerEndpoint(Address, "Inference.Api");
        });
    }

    public static byte[] Read()
    {
        using var resource = typeof(ApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}
