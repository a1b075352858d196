using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelPlatform.Tests.Deployment.Kubernetes;

namespace ModelPlatform.Tests.Deployment.Infrastructure;

/// <summary>One resource that a module of the template makes, by its name in Bicep.</summary>
/// <param name="Template">The module's own.</param>
/// <param name="Given">What the module is given.</param>
internal sealed partial record TemplateResource(string Module, string Name, JsonNode Json, JsonNode Template, JsonNode? Given)
{
    // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",
        ["8a0f0c08-91a1-4084-bc3d-661d67233fed"] = "Storage Queue Data Message Processor",
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["8311e382-0749-4cb8-b61a-304f252e45ec"] = "AcrPush",
        ["4abbcc35-e782-43d8-92c5-2d3f1bd2253f"] = "Cluster User",
        ["b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"] = "RBAC Cluster Admin",
    };

    public string Type => Json["type"]!.ToString();

    public bool IsRole => Type == "Microsoft.Authorization/roleAssignments";

    /// <summary>The role that it assigns, by its name in Azure.</summary>
    public string Role() => Roles[Id().Match(Resolve(Json.Find("properties.roleDefinitionId")!.ToString())).Value];

    /// <summary>Whom it is assigned to, as an expression of the template that deploys the module.</summary>
    public string Principals() => Resolve(Json.Find("properties.principalId")!.ToString());

    // Through the module's variables to what it was given.
    private string Resolve(string expression)
    {
        while (Variable().Match(expression) is { Success: true } variable) expression = Template["variables"]![variable.Groups["name"].Value]!.ToString();
        return Parameter().Match(expression) is { Success: true } parameter ? Text(Given!.Find($"{parameter.Groups["name"].Value}.value")!) : expression;
    }

    private static string Text(JsonNode value) => value is JsonArray items ? string.Join(' ', items) : value.ToString();

    [GeneratedRegex(@"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")] private static partial Regex Id();
    [GeneratedRegex(@"variables\('(?<name>\w+)'\)")] private static partial Regex Variable();
    [GeneratedRegex(@"parameters\('(?<name>\w+)'\)")] private static partial Regex Parameter();
}

internal static class TemplateResources
{
    /// <summary>All of them, those of modules in modules too.</summary>
    public static IReadOnlyList<TemplateResource> All => [.. Of("main", Bicep.Template, null)];

    public static JsonNode Module(string name) => Bicep.Template["resources"]![name]!["properties"]!["template"]!;

    private static IEnumerable<TemplateResource> Of(string module, JsonNode template, JsonNode? given) => Named(template["resources"]!).SelectMany(resource =>
        resource.Json["type"]?.ToString() == "Microsoft.Resources/deployments"
            ? Of(resource.Name, resource.Json["properties"]!["template"]!, resource.Json["properties"]!["parameters"])
            : [new TemplateResource(module, resource.Name, resource.Json, template, given)]);

    // Where the compiler writes a list, names are lost: what assigns a role goes by the variable of that.
    private static IEnumerable<(string Name, JsonNode Json)> Named(JsonNode resources) => resources is JsonObject members
        ? members.Select(member => (member.Key, member.Value!))
        : resources.AsArray().Select(resource => (resource!.Find("properties.roleDefinitionId")?.ToString() ?? "", resource!));
}
