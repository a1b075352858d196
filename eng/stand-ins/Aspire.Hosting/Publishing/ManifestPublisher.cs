using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the application as a document for tools that deploy it: values are placeholders, and what only a local run needs is left out.</summary>
internal sealed class ManifestPublisher(
    IResourceCollection resources, DistributedApplicationExecutionContext executionContext, IConfiguration configuration, ILogger<ManifestPublisher> logger)
{
    public async Task PublishAsync(CancellationToken cancelled)
    {
        if (configuration["publisher"] is not (null or "manifest")) throw new DistributedApplicationException("This stand-in for Aspire.Hosting publishes with '--publisher manifest' only.");
        var path = Path.GetFullPath(configuration["output-path"]
            ?? throw new DistributedApplicationException("The '--output-path [path]' option was not specified even though '--publisher manifest' argument was used."));
        if (!Path.HasExtension(path)) path = Path.Combine(path, "aspire-manifest.json");
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);

        // Whole before it is written: what cannot be published leaves no half of a file.
        using var document = new MemoryStream();
        using (var json = new Utf8JsonWriter(document, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("resources");
            foreach (var resource in resources.Where(resource => !resource.Annotations.OfType<NotInManifest>().Any()))
            {
                json.WriteStartObject(resource.Name);
                Write(json, resource, folder);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        await File.WriteAllBytesAsync(path, document.ToArray(), cancelled);
        logger.Say($"Published manifest to: {path}");
    }

    private void Write(Utf8JsonWriter json, IResource resource, string folder)
    {
        switch (resource)
        {
            case ParameterResource parameter: WriteParameter(json, parameter); break;
            case ProjectResource project: WriteProject(json, project, folder); break;
            case IResourceWithConnectionString connection:
                json.WriteString("type", "value.v0");
                json.WriteString("connectionString", connection.ConnectionStringExpression.ValueExpression);
                break;
            default: throw new NotSupportedException($"This stand-in publishes parameters, connection strings and projects only, not '{resource.Name}', a {resource.GetType().Name}.");
        }
    }

    private static void WriteParameter(Utf8JsonWriter json, ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret) json.WriteBoolean("secret", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteProject(Utf8JsonWriter json, ProjectResource project, string folder)
    {
        json.WriteString("type", "project.v0");
        json.WriteString("path", Path.GetRelativePath(folder, project.Annotations.OfType<IProjectMetadata>().Single().ProjectPath).Replace('\\', '/'));
        WriteList(json, "args", [.. project.Annotations.OfType<Arguments>().SelectMany(list => list.Values).Select(Placeholder)]);
        var environment = new EnvironmentCallbackContext(executionContext, []);
        foreach (var callback in project.Annotations.OfType<EnvironmentCallback>()) callback.Run(environment);
        json.WriteStartObject("env");
        foreach (var (name, value) in environment.EnvironmentVariables) json.WriteString(name, Placeholder(value));
        json.WriteEndObject();
        WriteBindings(json, [.. project.Annotations.OfType<EndpointAnnotation>()]);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteBindings(Utf8JsonWriter json, IReadOnlyList<EndpointAnnotation> endpoints)
    {
        if (endpoints.Count == 0) return;
        json.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", "tcp");
            json.WriteString("transport", endpoint.Transport);
            if (endpoint.Port is { } port && port != endpoint.TargetPort) json.WriteNumber("port", port);
            if (endpoint.TargetPort is { } target) json.WriteNumber("targetPort", target);
            if (endpoint.IsExternal) json.WriteBoolean("external", true);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Placeholder(object value) => value is IManifestExpressionProvider expression ? expression.ValueExpression : value.ToString()!;
}
