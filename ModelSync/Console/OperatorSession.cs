using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Console;

/// <summary>
/// Whoever has typed the platform key in once may operate in this browser for a while. The cookie is a ticket, not the key: what protects it is made anew
/// by every process, so that after a restart, or with another leader, the key is asked for again, and no disk holds anything.
/// </summary>
internal static class OperatorSession
{
    public const string Scheme = "console";

    private const string FormsCookie = "model-sync-forms";

    private static readonly TimeSpan LastsFor = TimeSpan.FromHours(8);

    public static void AddOperatorSession(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication().AddCookie(Scheme, options =>
        {
            options.Cookie.Name = "model-sync-operator";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = LastsFor;
            options.SlidingExpiration = false;
        });
        // Strict cookies are sent by pages of other ports of the same host too, as of another service on localhost: forms need a token besides.
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = FormsCookie;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
    }

    public static async Task<bool> IsOperatorAsync(this HttpContext context)
    {
        if (await context.AuthenticateAsync(Scheme) is not { Succeeded: true, Principal: { } user }) return false;
        context.User = user;   // tokens are bound to it
        return true;
    }

    /// <returns>False: it is not the key.</returns>
    public static async Task<bool> TrySignInAsync(this HttpContext context, string key)
    {
        if (!context.RequestServices.GetRequiredService<PlatformKey>().Admits($"Bearer {key}")) return false;
        // Of an earlier process it could not be read, which is an error in the log.
        context.Response.Cookies.Delete(FormsCookie);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "operator")], Scheme)));
        return true;
    }

    /// <summary>Lets in only forms of this very page, sent by a signed-in operator.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder => endpoints.AddEndpointFilter(async (call, next) =>
    {
        var context = call.HttpContext;
        if (!await context.IsOperatorAsync()) return ConsoleRoutes.Refusal(context, 401, "Sign in with the platform key first: nobody is signed in, or no more.");
        try { await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context); }
        catch (AntiforgeryValidationException) { return ConsoleRoutes.Refusal(context, 400, "The form is not of this page, or too old. Try again."); }
        return await next(call);
    });
}
