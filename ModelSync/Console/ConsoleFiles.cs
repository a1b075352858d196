using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace ModelPlatform.Sync.Console;

/// <summary>Style sheet and script, which lie in the program itself. Their addresses hold their digests, so that browsers may keep them for ever.</summary>
internal static class ConsoleFiles
{
    private static readonly Dictionary<string, byte[]> Files = new[] { "console.css", "console.js" }.ToDictionary(name => name, Read);

    public static string Style { get; } = AddressOf("console.css");

    public static string Script { get; } = AddressOf("console.js");

    public static void MapConsoleFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/console/console.css", (HttpResponse response) => Answer(response, "console.css", "text/css; charset=utf-8"));
        routes.MapGet("/console/console.js", (HttpResponse response) => Answer(response, "console.js", "text/javascript; charset=utf-8"));
    }

    private static FileContentHttpResult Answer(HttpResponse response, string name, string type)
    {
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.Remove(HeaderNames.Pragma);
        return TypedResults.Bytes(Files[name], type);
    }

    private static string AddressOf(string name) => $"/console/{name}?v={Convert.ToHexStringLower(SHA256.HashData(Files[name]).AsSpan(0, 8))}";

    private static byte[] Read(string name)
    {
        using var stream = typeof(ConsoleFiles).Assembly.GetManifestResourceStream(name)!;
        return BinaryData.FromStream(stream).ToArray();
    }
}
