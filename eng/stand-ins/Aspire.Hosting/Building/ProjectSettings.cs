using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

internal sealed record KestrelEndpoint(string Key, BindingAddress Address, string? Protocols);

/// <summary>What a project's own files say about how it is started: its launch profile, and the endpoints Kestrel will open.</summary>
internal sealed record ProjectSettings(
    string? ProfileName, IReadOnlyList<BindingAddress> ApplicationUrls, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<KestrelEndpoint> Kestrel, bool Http2ByDefault)
{
    private static readonly JsonDocumentOptions Relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public bool IsWebProject => Kestrel.Count + ApplicationUrls.Count > 0;

    public static ProjectSettings Read(string projectPath, IDistributedApplicationBuilder builder)
    {
        if (!File.Exists(projectPath)) throw new DistributedApplicationException($"Project file '{projectPath}' was not found.");
        var folder = Path.GetDirectoryName(projectPath)!;
        // The environment is the AppHost's own, whatever the project's launch profile says.
        var settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(folder, $"appsettings.{builder.Environment.EnvironmentName}.json"), optional: true)
            .Build();
        var kestrel = settings.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(endpoint => endpoint["Url"] is not null)
            .Select(endpoint => new KestrelEndpoint(endpoint.Key, BindingAddress.Parse(endpoint["Url"]!), endpoint["Protocols"]));
        var (name, profile) = ReadProfile(Path.Combine(folder, "Properties", "launchSettings.json"), builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        return new(name, UrlsOf(profile), EnvironmentOf(profile), [.. kestrel], settings["Kestrel:EndpointDefaults:Protocols"] == "Http2");
    }

    // The profile named as the AppHost's own, else the first that starts the project.
    private static (string? Name, JsonElement Profile) ReadProfile(string path, string? preferred)
    {
        if (!File.Exists(path)) return default;
        using var document = JsonDocument.Parse(File.ReadAllText(path), Relaxed);
        if (!document.RootElement.TryGetProperty("profiles", out var profiles)) return default;
        var ours = profiles.EnumerateObject().Where(p => p.Value.TryGetProperty("commandName", out var command) && command.ValueEquals("Project")).ToList();
        var chosen = ours.FindIndex(p => p.NameEquals(preferred));
        if (chosen < 0 && ours.Count > 0) chosen = 0;
        return chosen < 0 ? default : (ours[chosen].Name, ours[chosen].Value.Clone());
    }

    private static IReadOnlyList<BindingAddress> UrlsOf(JsonElement profile) =>
        profile.ValueKind == JsonValueKind.Object && profile.TryGetProperty("applicationUrl", out var urls)
            ? [.. urls.GetString()!.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(BindingAddress.Parse)]
            : [];

    private static Dictionary<string, string> EnvironmentOf(JsonElement profile) =>
        profile.ValueKind == JsonValueKind.Object && profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(v => v.Name, v => System.Environment.ExpandEnvironmentVariables(v.Value.GetString()!))
            : [];
}
