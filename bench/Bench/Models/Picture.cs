using System.Net.Http.Headers;

namespace ModelPlatform.Bench.Models;

internal static class Picture
{
    public static string MediaTypeOf(string file) => Path.GetExtension(file) == ".png" ? "image/png" : "image/jpeg";

    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, byte[] picture, string mediaType)
    {
        using var body = new ByteArrayContent(picture) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        return await client.PostAsync(path, body);
    }
}
