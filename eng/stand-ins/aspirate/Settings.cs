using System.Text.Json;

namespace Aspirate;

/// <summary>aspirate.json beside the AppHost's project. Names are matched by case.</summary>
internal sealed class Settings
{
    public string? TemplatePath { get; set; }
    public ContainerSettings? ContainerSettings { get; set; }

    public static Settings Read(string folder)
    {
        var path = Path.Combine(folder, "aspirate.json");
        try { return File.Exists(path) ? JsonSerializer.Deserialize<Settings>(File.ReadAllText(path))! : new(); }
        catch (JsonException wrong) { throw new GenerateException($"{path}: {wrong.Message}"); }
    }
}

internal sealed class ContainerSettings
{
    public string? Registry { get; set; }
    public string? RepositoryPrefix { get; set; }
}
