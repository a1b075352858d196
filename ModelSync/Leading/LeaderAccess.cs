using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Leading;

internal static class LeaderAccess
{
    public static void AddLeading(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<LeaderOptions, LeaderOptionsValidator>().BindConfiguration(LeaderOptions.Section);
        builder.Services.AddSingleton<LeaderIdentity>();
        builder.Services.AddSingleton<LeaderBlob>();
        builder.Services.AddSingleton<Leadership>();
        builder.Services.AddSingleton<Takeover>();
        builder.Services.AddHealthChecks().AddCheck<LeaderHealth>("leader");
        builder.Services.AddHostedService<LeaderElection>();
    }

    /// <summary>What a standby knows is out of date, and what it is told is lost: it answers 503.</summary>
    public static RouteGroupBuilder RequireLeading(this RouteGroupBuilder routes) => routes.AddEndpointFilter(async (call, next) =>
    {
        var http = call.HttpContext;
        var leadership = http.RequestServices.GetRequiredService<Leadership>();
        if (leadership.IsLeading) return await next(call);
        http.Response.Headers.RetryAfter = "2";
        // Whoever kept the connection would come here again, past the Service, which sends new ones to the leader.
        http.Response.Headers.Connection = "close";
        return ErrorBody.Answer(503, $"This instance of ModelSync does not lead ({leadership.Obstacle.TrimEnd('.')}): ask again at the service's address.");
    });
}
