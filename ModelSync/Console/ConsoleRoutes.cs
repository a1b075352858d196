using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Console;

/// <summary>ModelSync's own page. To read needs no key, like the reports that it is made of; to operate does.</summary>
internal static class ConsoleRoutes
{
    public const string Content = "/console/content";
    public const string Events = "/console/events";
    public const string SignIn = "/console/sign-in";
    public const string SignOut = "/console/sign-out";

    public static void AddConsole(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton<ConsoleNow>();
        builder.Services.AddSingleton<ConsoleEvents>();
        builder.AddOperatorSession();
    }

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup("").WithConsoleHeaders();
        // Delegates: what takes the context alone would be taken for a RequestDelegate, and its result dropped.
        console.MapGet("/", (Delegate)ShowAsync);
        console.MapGet(Content, async (HttpContext context, ConsoleNow now) =>
            new RazorComponentResult<ConsoleContent>(new { View = now.View(), IsOperator = await context.IsOperatorAsync() }));
        console.MapGet(Events, (HttpContext context, ConsoleEvents events) => events.Open(context.RequestAborted) is { } opened
            ? TypedResults.ServerSentEvents(opened)
            : (IResult)ErrorBody.Answer(503, "Too many pages are open."));
        console.MapPost(SignIn, (Delegate)SignInAsync);
        console.MapPost(SignOut, (Delegate)SignOutAsync).RequireOperator();
        console.MapConsoleActions();
        console.MapConsoleFiles();
    }

    /// <summary>The page with the reason, or the reason alone for what is no browser.</summary>
    public static IResult Refusal(HttpContext context, int status, string reason) => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        ? Page(status != 401 && context.User.Identity is { IsAuthenticated: true }, context, new Notice(reason, IsRefusal: true), status)
        : ErrorBody.Answer(status, reason);

    /// <summary>After what a form has done the page is asked for anew, so that reloading it does nothing twice.</summary>
    public static IResult Back(Notice? notice = null) => new SeeOther($"/{notice?.Query}");

    private static async Task<IResult> ShowAsync(HttpContext context) => Page(await context.IsOperatorAsync(), context, Notice.Of(context.Request.Query));

    // Without a token: whoever forges this form has to know the key, and could do everything with that.
    private static async Task<IResult> SignInAsync(HttpContext context)
    {
        var key = context.Request.HasFormContentType ? (await FormAsync(context))?["key"].ToString() : null;
        return key is not null && await context.TrySignInAsync(key) ? Back() : Refusal(context, 401, "This is not the platform key.");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(OperatorSession.Scheme);
        return Back();
    }

    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        try { return await context.Request.ReadFormAsync(context.RequestAborted); }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException) { return null; }
    }

    private static RazorComponentResult<ConsolePage> Page(bool isOperator, HttpContext context, Notice? notice, int status = 200) =>
        new(new { View = context.RequestServices.GetRequiredService<ConsoleNow>().View(), IsOperator = isOperator, Notice = notice }) { StatusCode = status };

    private sealed record SeeOther(string Address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = Address;
            return Task.CompletedTask;
        }
    }
}
