using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace ModelPlatform.ServiceDefaults;

/// <summary>The secret that the platform's services share: who has it may watch, acknowledge and operate.</summary>
public sealed class PlatformKey(IOptions<PlatformKeyOptions> options)
{
    private readonly SharedSecret _secret = new(options.Value.Key);

    /// <summary>What a client sends.</summary>
    public AuthenticationHeaderValue AuthorizationHeader { get; } = new("Bearer", options.Value.Key);

    public bool Admits(string? authorization) =>
        AuthenticationHeaderValue.TryParse(authorization, out var sent)
        && sent.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        && _secret.Is(sent.Parameter ?? "");
}
