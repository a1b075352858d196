using System.Security.Cryptography;
using System.Text;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>
/// Signs as Standard Webhooks does (https://www.standardwebhooks.com), for which receivers find libraries: HMAC-SHA256 over
/// <c>{webhook-id}.{webhook-timestamp}.{body}</c>, in Base64 behind <c>v1,</c>.
/// </summary>
internal static class WebhookSignature
{
    private const string EncodedPrefix = "whsec_";

    public static string Of(string id, long timestamp, ReadOnlySpan<byte> body, string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed))}";
    }

    /// <summary>After <c>whsec_</c> Base64, as the convention has it; any other secret is taken as its UTF-8.</summary>
    public static byte[] KeyOf(string secret) =>
        secret.StartsWith(EncodedPrefix, StringComparison.Ordinal) ? Convert.FromBase64String(secret[EncodedPrefix.Length..]) : Encoding.UTF8.GetBytes(secret);

    public static bool IsValid(string secret)
    {
        try { return KeyOf(secret).Length > 0; }
        catch (FormatException) { return false; }
    }
}
