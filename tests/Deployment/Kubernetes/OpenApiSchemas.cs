using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

/// <summary>
/// The schemas that an API server publishes about itself. Members that they do not name are refused, as by "kubectl apply --validate=strict";
/// what they do not say (formats of quantities, of names, which values an enumeration has) is not seen.
/// </summary>
internal sealed class OpenApiSchemas
{
    private readonly Dictionary<string, JsonObject> _schemas = [];
    private readonly Dictionary<string, JsonObject> _byKind = [];

    public OpenApiSchemas(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            foreach (var (name, schema) in JsonNode.Parse(File.ReadAllText(file))!["components"]!["schemas"]!.AsObject())
            {
                _schemas[$"#/components/schemas/{name}"] = (JsonObject)schema!;
                foreach (var kind in schema!["x-kubernetes-group-version-kind"].Items()) _byKind[KeyOf($"{kind["group"]}", $"{kind["version"]}", $"{kind["kind"]}")] = (JsonObject)schema;
            }
        }
    }

    public IReadOnlyList<string> ProblemsOf(JsonObject document)
    {
        var (apiVersion, kind) = ($"{document["apiVersion"]}", $"{document["kind"]}");
        var (group, version) = apiVersion.Split('/') is [var left, var right] ? (left, right) : ("", apiVersion);
        return _byKind.TryGetValue(KeyOf(group, version, kind), out var schema)
            ? [.. Problems(document, schema, $"{kind} {document.Find("metadata.name")}")]
            : [$"There is no {kind} in {apiVersion}."];
    }

    private static string KeyOf(string group, string version, string kind) => $"{group}/{version}/{kind}";

    private IEnumerable<string> Problems(JsonNode? value, JsonObject schema, string path)
    {
        schema = Resolved(schema);
        if (schema["oneOf"] is JsonArray alternatives)
            return alternatives.Any(alternative => !Problems(value, (JsonObject)alternative!, path).Any()) ? [] : [$"{path}: {value} is of none of the possible types"];
        return (schema["type"]?.ToString(), value) switch
        {
            (_, null) => schema["nullable"]?.GetValue<bool>() == true ? [] : [$"{path} is null"],
            ("object", JsonObject members) => ProblemsOfMembers(members, schema, path),
            ("array", JsonArray items) => items.SelectMany((item, index) => Problems(item, (JsonObject)schema["items"]!, $"{path}[{index}]")),
            ("string", JsonValue text) when text.TryGetValue<string>(out var given) && MayBe(given, schema) => [],
            ("boolean", JsonValue flag) when flag.TryGetValue<bool>(out _) => [],
            ("integer", JsonValue whole) when whole.TryGetValue<long>(out _) => [],
            ("number", JsonValue number) when number.TryGetValue<double>(out _) || number.TryGetValue<long>(out _) => [],
            (null, _) => [],
            var (type, _) => [$"{path}: {value!.ToJsonString()} is no {type}, or none that is possible"],
        };
    }

    private IEnumerable<string> ProblemsOfMembers(JsonObject members, JsonObject schema, string path)
    {
        foreach (var needed in schema["required"].Items().Select(name => name.ToString()).Where(name => !members.ContainsKey(name))) yield return $"{path}.{needed} is missing";
        foreach (var (name, value) in members)
        {
            var member = (schema["properties"]?[name] ?? schema["additionalProperties"]) as JsonObject;
            if (member is null && schema["properties"] is not null) yield return $"{path}.{name} is unknown";
            if (member is null) continue;
            foreach (var problem in Problems(value, member, $"{path}.{name}")) yield return problem;
        }
    }

    private static bool MayBe(string given, JsonObject schema) => schema["enum"] is not JsonArray values || values.Any(value => value!.ToString() == given);

    // A reference that has a default or a description of its own stands in an allOf.
    private JsonObject Resolved(JsonObject schema)
    {
        while ((schema["$ref"] ?? schema["allOf"]?[0]?["$ref"])?.ToString() is { } reference) schema = _schemas[reference];
        return schema;
    }
}
