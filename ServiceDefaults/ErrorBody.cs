using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ModelPlatform.ServiceDefaults;

/// <summary>How every service says what was wrong: <c>{"error": "…"}</c>.</summary>
public sealed record ErrorBody(string Error)
{
    // Apostrophes and letters as they are: nobody embeds the answer in HTML.
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonHttpResult<ErrorBody> Answer(int status, string error) => TypedResults.Json(new ErrorBody(error), Readable, statusCode: status);
}
