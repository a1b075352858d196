using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Servers;

/// <summary>One question to one of the platform's servers, with its failures in words that name it.</summary>
internal static class ServerAccess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="body">What is posted; null for a GET.</param>
    /// <param name="server">Who should answer there.</param>
    /// <param name="key">Of those calls that not everybody may make.</param>
    /// <returns>Null where the answer to a GET is 404: there is no such thing yet.</returns>
    public static async Task<T?> AskAsync<T>(Uri address, HttpContent? body, Func<byte[], T> parse, string server, CancellationToken cancelled, AuthenticationHeaderValue? key = null) where T : class
    {
        using var client = new HttpClient { Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = key;
        try
        {
            using var answer = body is null ? await client.GetAsync(address, cancelled) : await client.PostAsync(address, body, cancelled);
            var content = await answer.Content.ReadAsByteArrayAsync(cancelled);
            if (body is null && answer.StatusCode == HttpStatusCode.NotFound && ErrorIn(content) is not null) return null;
            if (answer.StatusCode == HttpStatusCode.Unauthorized) throw new CommandFailure(ExitCode.Unreachable, $"{address} does not let us in: {ErrorIn(content) ?? answer.ReasonPhrase}");
            if (answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
                throw Unreachable($"{(int)answer.StatusCode}: {ErrorIn(content) ?? answer.ReasonPhrase}");
            if (!answer.IsSuccessStatusCode) throw new CommandFailure(ExitCode.Failed, $"{(int)answer.StatusCode}: {ErrorIn(content) ?? answer.ReasonPhrase}");
            return parse(content);
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable($"{address} cannot be reached: {failure.Message}{(address.IsLoopback ? "\nIs the application running? ./build.sh run starts it." : "")}");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidDocumentException) { throw new CommandFailure(ExitCode.Failed, $"{address} answered something else than expected. Is it {server}?"); }
        catch (TaskCanceledException timeout) when (timeout.InnerException is TimeoutException)
        {
            throw Unreachable($"{address} did not answer within {Patience.TotalSeconds} s.");
        }
    }

    public static Uri Below(this Uri server, string path) => new(server.AbsoluteUri.TrimEnd('/') + path);

    private static CommandFailure Unreachable(string reason) => new(ExitCode.Unreachable, reason) { MayPass = true };

    private static string? ErrorIn(byte[] content)
    {
        try { return JsonSerializer.Deserialize(content, ServerJson.Default.ErrorAnswer)?.Error is { } error ? Quoted.Of(error, 1000) : null; }
        catch (JsonException) { return null; }
    }
}
