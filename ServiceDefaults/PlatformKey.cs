using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ModelPlatform.ServiceDefaults;

/// <summary>The secret that the platform's services share: who has it may watch, acknowledge and operate.</summary>
public sealed class PlatformKey(IOptions<PlatformKeyOptions> options)
{
    private readonly byte[] _digest = Digest(options.Value.Key);

    /// <summary>What a client sends.</summary>
    public AuthenticationHeaderValue AuthorizationHeader { get; } = new("Bearer", options.Value.Key);

    public bool Admits(string? authorization) =>
        AuthenticationHeaderValue.TryParse(authorization, out var sent)
        && sent.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        // Digests are of one length: neither time nor length says how much of a guess was right.
        && CryptographicOperations.FixedTimeEquals(Digest(sent.Parameter ?? ""), _digest);

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
