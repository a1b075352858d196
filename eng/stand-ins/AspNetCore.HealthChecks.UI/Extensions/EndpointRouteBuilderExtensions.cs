using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthChecks.UI.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Options = HealthChecks.UI.Configuration.Options;
using Settings = HealthChecks.UI.Configuration.Settings;

namespace Microsoft.AspNetCore.Builder;

public static class EndpointRouteBuilderExtensions
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static IEndpointConventionBuilder MapHealthChecksUI(this IEndpointRouteBuilder builder, Action<Options>? setupOptions = null)
    {
        var options = new Options();
        setupOptions?.Invoke(options);
        Check(options.ApiPath, nameof(Options.ApiPath));
        Check(options.UIPath, nameof(Options.UIPath));

        var settings = builder.ServiceProvider.GetRequiredService<IOptions<Settings>>().Value;
        var executions = builder.ServiceProvider.GetRequiredService<ExecutionHistory>();
        var page = Page().Replace("#apiPath#", options.ApiPath, StringComparison.Ordinal);
        var all = builder.MapGroup("");
        all.Map(options.ApiPath, () => Results.Json(executions.All(), Json));
        all.Map($"{options.ApiPath}/ui-settings", () => Results.Json(new { PollingInterval = settings.EvaluationTimeInSeconds, settings.HeaderText }, Json));
        all.MapGet(options.UIPath, (HttpResponse response) =>
        {
            response.Headers.CacheControl = "no-cache, no-store";
            return Results.Text(page, "text/html");
        });
        return all;
    }

    private static void Check(string path, string argument)
    {
        if (string.IsNullOrEmpty(path) || !path.StartsWith('/'))
            throw new ArgumentException("The value for customized path can't be null and need to start with / character.", argument);
    }

    private static string Page()
    {
        using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("index.html")!);
        return text.ReadToEnd();
    }
}
