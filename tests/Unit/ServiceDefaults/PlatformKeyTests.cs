using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed class PlatformKeyTests
{
    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer secret", true)]
    [InlineData("Bearer Secret", false)]
    [InlineData("Bearer secret1", false)]
    [InlineData("Bearer secre", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic secret", false)]
    [InlineData("secret", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_key_itself_opens(string? authorization, bool opens) =>
        Assert.Equal(opens, new PlatformKey(Options.Create(new PlatformKeyOptions { Key = "secret" })).Admits(authorization));

    [Fact]
    public void A_client_sends_what_the_service_admits()
    {
        var key = new PlatformKey(Options.Create(new PlatformKeyOptions { Key = "aB3-._~+/==" }));
        Assert.True(key.Admits(key.AuthorizationHeader.ToString()));
    }

    [Theory]
    [InlineData("Development", null, PlatformKeyOptions.DevelopmentKey)]
    [InlineData("Development", "mine", "mine")]
    [InlineData("Production", "mine", "mine")]
    public void In_Development_the_key_has_a_default(string environment, string? configured, string key) =>
        Assert.Equal(key, Host(environment, configured).Services.GetRequiredService<IOptions<PlatformKeyOptions>>().Value.Key);

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is missing")]
    [InlineData(PlatformKeyOptions.DevelopmentKey, "is public")]
    [InlineData("two words", "cannot carry")]
    public async Task Elsewhere_no_service_starts_without_a_secret_one(string? configured, string reason)
    {
        using var host = Host("Production", configured);
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static IHost Host(string environment, string? key)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment, DisableDefaults = true });
        builder.Configuration["Platform:Key"] = key;
        return builder.AddPlatformKey().Build();
    }
}
