using System.Text.Json.Nodes;

namespace ModelPlatform.Tests.Deployment.Kubernetes;

internal sealed record KubernetesObject(JsonObject Json)
{
    public string Kind => Text("kind");
    public string Name => Text("metadata.name");

    /// <summary>The template of a workload's pods.</summary>
    public JsonObject Pod => (JsonObject)Find("spec.template.spec")!;

    public JsonObject Container => (JsonObject)Assert.Single(Pod["containers"]!.AsArray())!;

    public IReadOnlyDictionary<string, string> PodLabels => Find("spec.template.metadata.labels").Texts();

    public JsonNode? Find(string path) => Json.Find(path);

    public string Text(string path) => Find(path)?.ToString() ?? throw new InvalidOperationException($"{this} has no {path}.");

    public override string ToString() => $"{Json["kind"]} {Json.Find("metadata.name")}";
}

internal static class JsonPaths
{
    /// <summary>What is at a path of names and indices, or null.</summary>
    public static JsonNode? Find(this JsonNode? node, string path) => path.Split('.').Aggregate(node, (at, step) => at switch
    {
        JsonObject members => members[step],
        JsonArray items when int.TryParse(step, out var index) && index < items.Count => items[index],
        _ => null,
    });

    public static IEnumerable<JsonNode> Items(this JsonNode? list) => list is null ? [] : list.AsArray().Select(item => item!);

    public static IReadOnlyDictionary<string, string> Texts(this JsonNode? members) =>
        members is null ? new Dictionary<string, string>() : members.AsObject().ToDictionary(member => member.Key, member => member.Value!.ToString());
}
