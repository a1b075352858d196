using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ModelPlatform.ServiceDefaults;

/// <summary>How every service says what was wrong: <c>{"error": "…"}</c>.</summary>
public sealed record ErrorBody(string Error)
{
    public static JsonHttpResult<ErrorBody> Answer(int status, string error) => TypedResults.Json(new ErrorBody(error), statusCode: status);
}
