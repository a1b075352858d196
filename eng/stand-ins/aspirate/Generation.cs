using System.Text.Json.Nodes;
using HandlebarsDotNet;

namespace Aspirate;

internal static class Generation
{
    public static void Run(GenerateOptions options)
    {
        var settings = Settings.Read(options.ProjectFolder);
        var templates = settings.TemplatePath ?? throw new GenerateException("This stand-in for aspirate has no templates of its own: aspirate.json says no TemplatePath.");
        if (!File.Exists(options.Manifest)) throw new GenerateException($"The manifest file could not be loaded from: '{options.Manifest}'");
        var resources = JsonNode.Parse(File.ReadAllText(options.Manifest))!["resources"]!.AsObject();
        var placeholders = new Placeholders(resources, options.Parameters);

        Directory.CreateDirectory(options.Output);
        var manifests = new List<string>();
        foreach (var (name, resource) in resources)
        {
            var type = resource!["type"]!.GetValue<string>();
            if (type == "project.v0")
            {
                var data = DataOf(name, resource, placeholders, ImageName.Of(name, resource["path"]!.GetValue<string>(), options, settings.ContainerSettings), options.ImagePullPolicy);
                var folder = Path.Combine(options.Output, name);
                if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
                foreach (var file in new[] { "deployment", "service", "kustomization" }) Write(templates, file, folder, data);
                manifests.Add(name);
            }
            else if (type is not ("parameter.v0" or "value.v0")) Console.WriteLine($"Resource '{name}' is unsupported type '{type}'. Skipping as UnsupportedResource.");
        }

        if (options.Namespace is not null) manifests.Add("namespace.yaml");
        var all = new TemplateData { Namespace = options.Namespace?.ToLowerInvariant(), Manifests = manifests };
        if (all.WithNamespace) Write(templates, "namespace", options.Output, all);
        Write(templates, "kustomization", options.Output, all);
    }

    private static TemplateData DataOf(string name, JsonNode resource, Placeholders placeholders, string image, string policy)
    {
        Dictionary<string, string> Resolved(string property) => resource[property] is JsonObject values
            ? values.Select(pair => (pair.Key, Value: placeholders.Resolve(pair.Value!.ToString()))).Where(pair => pair.Value.Length > 0).ToDictionary(pair => pair.Key, pair => pair.Value)
            : [];
        var ports = resource["bindings"] is JsonObject bindings
            ? bindings.Select(binding =>
            {
                var target = Placeholders.TargetPortOf(binding.Key, binding.Value!) ?? 0;
                return new Port(binding.Key, target, binding.Value!["port"]?.GetValue<int>() ?? target);
            })
            : [];
        var environment = Resolved("env");
        return new()
        {
            Name = name.ToLowerInvariant(), ContainerImage = image, ImagePullPolicy = policy, IsProject = true,
            Env = environment,
            Secrets = environment.Where(pair => pair.Key.StartsWith("ConnectionString", StringComparison.Ordinal)).ToDictionary(),
            Annotations = Resolved("annotations"),
            Ports = [.. ports],
            Manifests = ["deployment.yaml", "service.yaml"],
            Args = resource["args"] is JsonArray args ? [.. args.Select(arg => arg!.ToString())] : [],
        };
    }

    private static void Write(string templates, string name, string folder, TemplateData data)
    {
        var template = Path.Combine(templates, $"{name}.hbs");
        if (!File.Exists(template)) throw new GenerateException($"Could not find file '{template}'.");
        try { File.WriteAllText(Path.Combine(folder, $"{name}.yaml"), Handlebars.Compile(File.ReadAllText(template))(data)); }
        catch (HandlebarsException wrong) { throw new GenerateException($"{template}: {wrong.Message}"); }
    }
}
