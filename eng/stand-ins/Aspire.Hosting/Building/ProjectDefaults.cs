using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The endpoints and variables that every project gets before the AppHost adds its own.</summary>
internal static class ProjectDefaults
{
    private static readonly (string Name, string Value)[] Telemetry =
    [
        ("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true"),
        ("LOGGING__CONSOLE__FORMATTERNAME", "simple"),
        ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"),
    ];

    private static readonly (string Name, string Value)[] DevelopmentTelemetry =
    [
        ("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
    ];

    public static IResourceBuilder<ProjectResource> Apply(IResourceBuilder<ProjectResource> project, ProjectSettings settings)
    {
        if (settings.Kestrel.Count > 0) AddKestrelEndpoints(project, settings);
        else if (project.ApplicationBuilder.ExecutionContext.IsRunMode) AddProfileEndpoints(project, settings);
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            if (settings.IsWebProject) AddPublishedEndpoints(project);
            return project.WithEnvironment(context => AddPublishedVariables(project.Resource, context.EnvironmentVariables));
        }
        var development = project.ApplicationBuilder.Environment.IsDevelopment();
        return project.WithEnvironment(context =>
        {
            var variables = context.EnvironmentVariables;
            foreach (var (name, value) in development ? [.. Telemetry, .. DevelopmentTelemetry] : Telemetry) variables[name] = value;
            variables["OTEL_SERVICE_NAME"] = project.Resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = new PerReplica(replica => $"service.instance.id={replica.Suffix}");
            AddUrls(project.Resource, variables);
            if (settings.ProfileName is not null) variables.TryAdd("DOTNET_LAUNCH_PROFILE", settings.ProfileName);
            foreach (var (name, value) in settings.Environment) variables.TryAdd(name, value);
        });
    }

    // An endpoint that is alone in its scheme is named after the scheme, whatever its key.
    private static void AddKestrelEndpoints(IResourceBuilder<ProjectResource> project, ProjectSettings settings)
    {
        foreach (var scheme in settings.Kestrel.GroupBy(endpoint => endpoint.Address.Scheme))
        {
            foreach (var kestrel in scheme)
            {
                project.WithEndpoint(scheme.Count() == 1 ? scheme.Key : kestrel.Key, endpoint =>
                {
                    Describe(endpoint, kestrel.Address, kestrel.Protocols is null ? settings.Http2ByDefault : kestrel.Protocols == "Http2");
                    endpoint.KestrelKey = kestrel.Key;
                    if (project.ApplicationBuilder.ExecutionContext.IsRunMode) endpoint.Port = kestrel.Address.Port;
                    else endpoint.TargetPort = kestrel.Address.Port;
                });
            }
        }
    }

    private static void AddProfileEndpoints(IResourceBuilder<ProjectResource> project, ProjectSettings settings)
    {
        foreach (var scheme in settings.ApplicationUrls.GroupBy(url => url.Scheme))
        {
            foreach (var (index, url) in scheme.Index())
            {
                project.WithEndpoint(index == 0 ? scheme.Key : $"{scheme.Key}{index + 1}", endpoint =>
                {
                    Describe(endpoint, url, settings.Http2ByDefault);
                    endpoint.Port = url.Port;
                });
            }
        }
    }

    // What the cluster forwards to, whatever the project listens on here. TLS ends in front of it: both schemes lead to one port.
    private static void AddPublishedEndpoints(IResourceBuilder<ProjectResource> project)
    {
        var (http, https) = (Published(project, "http"), Published(project, "https"));
        http.TargetPort = https.TargetPort = http.TargetPort ?? https.TargetPort;
    }

    private static EndpointAnnotation Published(IResourceBuilder<ProjectResource> project, string scheme)
    {
        EndpointAnnotation? Find() => project.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.UriScheme == scheme);
        if (Find() is null) project.WithEndpoint(scheme, endpoint => endpoint.UriScheme = scheme);
        return Find()!;
    }

    // No port of an https endpoint: it is there for those who forward, and the project does not listen on it.
    private static void AddPublishedVariables(ProjectResource project, Dictionary<string, object> variables)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var http = project.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme == "http").ToList();
        if (http.Count == 0) return;
        variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        EndpointReferenceExpression PortOf(EndpointAnnotation endpoint) => new EndpointReference(project, endpoint.Name).Property(EndpointProperty.TargetPort);
        foreach (var endpoint in http.Where(endpoint => endpoint.KestrelKey is not null))
            variables[$"Kestrel__Endpoints__{endpoint.KestrelKey}__Url"] = ReferenceExpression.Create($"{endpoint.UriScheme}://{endpoint.TargetHost}:{PortOf(endpoint)}");
        if (http.All(endpoint => endpoint.KestrelKey is null)) variables["HTTP_PORTS"] = string.Join(';', http.Select(endpoint => PortOf(endpoint).ValueExpression));
    }

    private static void Describe(EndpointAnnotation endpoint, BindingAddress address, bool http2)
    {
        endpoint.UriScheme = address.Scheme;
        endpoint.TargetHost = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "*" : address.Host;
        if (http2) endpoint.Transport = "http2";
    }

    // Kestrel takes its configured endpoints one by one; all others listen on ASPNETCORE_URLS.
    private static void AddUrls(ProjectResource project, Dictionary<string, object> variables)
    {
        var urls = new List<Func<Running.Replica, string>>();
        foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https"))
        {
            string Url(Running.Replica replica) => $"{endpoint.UriScheme}://{endpoint.TargetHost}:{replica.PortOf(endpoint)}";
            if (endpoint.KestrelKey is { } key) variables[$"Kestrel__Endpoints__{key}__Url"] = new PerReplica(Url);
            else urls.Add(Url);
        }
        if (urls.Count > 0) variables["ASPNETCORE_URLS"] = new PerReplica(replica => string.Join(';', urls.Select(url => url(replica))));
    }
}
