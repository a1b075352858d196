using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ModelPlatform.AppHost;

/// <summary>
/// What a person can do next. Scripts read the lines "(resource) (endpoint) (url)", and with random ports also "models connection (connection string)".
/// </summary>
internal static class RunConsole
{
    public static void AnnounceWhenHealthy(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> sync, IResourceBuilder<IResourceWithConnectionString> models)
    {
        // What is declared by now; Aspire adds resources of its own when it starts.
        var endpoints = api.ApplicationBuilder.Resources.OfType<IResourceWithEndpoints>().SelectMany(resource => resource.GetEndpoints()).ToList();
        api.OnResourceReady(async (_, ready, cancelled) =>
        {
            var notifications = ready.Services.GetRequiredService<ResourceNotificationService>();
            await notifications.WaitForResourceHealthyAsync(sync.Resource.Name, cancelled);

            var configuration = api.ApplicationBuilder.Configuration;
            var random = configuration.GetValue<bool>(Endpoints.RandomPorts);
            var connection = await models.Resource.GetConnectionStringAsync(cancelled);
            Console.WriteLine($"""

                Everything is up.

                {string.Join('\n', endpoints.Select(endpoint => $"{endpoint.Resource.Name} {endpoint.EndpointName} {endpoint.Url}"))}
                dashboard http {configuration["ASPNETCORE_URLS"]}{(random ? $"\nmodels connection {connection}" : "")}

                Score a picture:
                  curl --data-binary @samples/fashion/images/sneaker.png -H 'Content-Type: image/png' {api.GetEndpoint("http").Url}/v2/models/fashion/classify

                See how everything is:
                  {sync.GetEndpoint("http").Url}
                  {sync.GetEndpoint("http").Url}/healthchecks-ui

                Change the model meanwhile, in a second shell:
                  {(random ? $"ConnectionStrings__models='{connection}' " : "")}./modelctl publish samples/fashion/2 --model fashion --version 2

                """);
        });
    }
}
