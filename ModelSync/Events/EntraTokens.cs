using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ModelPlatform.Sync.Events;

/// <summary>Tokens of our tenant, for our application, given to Event Grid. Off unless configured.</summary>
internal sealed class EntraTokens(IOptions<EventOptions> options, BaseConfigurationManager signers)
{
    // Of tokens in Entra's first and second form.
    private static readonly string[] CallerClaims = ["appid", "azp"];

    private readonly EventOptions _options = options.Value;
    private readonly JsonWebTokenHandler _handler = new();

    public bool AreTaken => _options.Audience.Length > 0;

    public async Task<bool> AdmitAsync(string token)
    {
        if (!AreTaken || !_handler.CanReadToken(token)) return false;
        var outcome = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ConfigurationManager = signers,
            ValidAudience = _options.Audience,
            ValidIssuers = [$"https://sts.windows.net/{_options.Tenant}/", $"https://login.microsoftonline.com/{_options.Tenant}/v2.0"],
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        });
        return outcome.IsValid && CallerClaims.Any(claim => outcome.Claims.TryGetValue(claim, out var caller) && _options.Caller.Equals(caller as string, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The tenant's public keys, fetched when the first token comes and again from time to time.</summary>
    public static BaseConfigurationManager SignersOf(EventOptions options) => new ConfigurationManager<OpenIdConnectConfiguration>(
        $"https://login.microsoftonline.com/{options.Tenant}/v2.0/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever { RequireHttps = true });
}
