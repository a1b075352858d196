using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModelPlatform.ServiceDefaults;

public sealed class PlatformKeyOptions
{
    public const string Section = "Platform";

    /// <summary>Known to everybody: good on a developer's loopback and nowhere else.</summary>
    public const string DevelopmentKey = "development-only";

    /// <summary>
    /// The secret that all services of one platform share: watching, acknowledging and operating need it. Outside Development a service does not
    /// start without one.
    /// </summary>
    public string Key { get; set; } = "";
}

internal sealed class PlatformKeyOptionsValidator(IHostEnvironment environment) : IValidateOptions<PlatformKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, PlatformKeyOptions options) => options.Key switch
    {
        "" => ValidateOptionsResult.Fail("Platform:Key is missing. Every service of one platform needs the same secret key (environment variable Platform__Key)."),
        PlatformKeyOptions.DevelopmentKey when !environment.IsDevelopment() =>
            ValidateOptionsResult.Fail($"Platform:Key is '{PlatformKeyOptions.DevelopmentKey}', which is public: outside Development a secret one is needed."),
        var key when !key.All(IsTokenCharacter) =>
            ValidateOptionsResult.Fail("Platform:Key has characters that an Authorization header cannot carry: use letters, digits and '-._~+/='."),
        _ => ValidateOptionsResult.Success,
    };

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '+' or '/' or '=';
}
