using System.Net;
using System.Text;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>What a target answered to one try.</summary>
/// <param name="Wait">How long it asks us to wait.</param>
/// <param name="Words">The beginning of what it said, where it did not accept.</param>
internal sealed record WebhookAnswer(HttpStatusCode Status, TimeSpan? Wait = null, string Words = "")
{
    private const int MaxWords = 500;

    public bool IsAccepted => (int)Status is >= 200 and < 300;

    /// <summary>Whether the same request may be accepted later.</summary>
    public bool IsPassing => (int)Status >= 500 || Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    public static async Task<WebhookAnswer> OfAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken cancelled)
    {
        if (response.IsSuccessStatusCode) return new(response.StatusCode);
        var begin = new byte[MaxWords];
        await using var body = await response.Content.ReadAsStreamAsync(cancelled);
        var read = await body.ReadAtLeastAsync(begin, MaxWords, throwOnEndOfStream: false, cancelled);
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
        return new(response.StatusCode, wait, Encoding.UTF8.GetString(begin, 0, read));
    }

    public override string ToString() => Words.Length == 0 ? $"{(int)Status}" : $"{(int)Status}: {Quoted.Of(Words, MaxWords)}";
}
