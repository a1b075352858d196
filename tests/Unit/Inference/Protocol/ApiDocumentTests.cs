using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelPlatform.Inference.Protocol;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>The OpenAPI document is written by hand: what it says of bodies is held against the types that are answered.</summary>
public sealed class ApiDocumentTests
{
    private static readonly JsonNode Document = JsonNode.Parse(ApiDocument.Read())!;

    private static readonly Dictionary<string, Type> Answers = new()
    {
        ["Error"] = typeof(ErrorBody),
        ["Server"] = typeof(ServerBody),
        ["Live"] = typeof(LiveBody),
        ["Ready"] = typeof(ReadyBody),
        ["Models"] = typeof(ModelsBody),
        ["Model"] = typeof(ModelBody),
        ["TensorMetadata"] = typeof(TensorBody),
        ["ModelReady"] = typeof(ModelReadyBody),
        ["Classification"] = typeof(ClassifyBody),
        ["Classifications"] = typeof(ClassifyManyBody),
        ["Picture"] = typeof(PictureBody),
        ["Prediction"] = typeof(PredictionBody),
        ["RepositoryEntry"] = typeof(RepositoryEntry),
        ["Loaded"] = typeof(LoadedBody),
        ["Statistics"] = typeof(StatisticsBody),
        ["VersionStatistics"] = typeof(VersionStatisticsBody),
        ["InferenceTimes"] = typeof(InferenceTimesBody),
        ["BatchTimes"] = typeof(BatchTimesBody),
        ["Duration"] = typeof(DurationBody),
        ["Memory"] = typeof(MemoryBody),
        ["Configuration"] = typeof(ConfigurationBody),
        ["VersionPolicy"] = typeof(VersionPolicyBody),
        ["SpecificVersions"] = typeof(SpecificVersionsBody),
        ["ConfiguredInput"] = typeof(ConfiguredInputBody),
        ["ConfiguredOutput"] = typeof(ConfiguredOutputBody),
        ["DynamicBatching"] = typeof(DynamicBatchingBody),
        ["InstanceGroup"] = typeof(InstanceGroupBody),
    };

    // These are read and written without a type.
    private static readonly string[] Untyped = ["InferRequest", "InferInput", "RequestedOutput", "InferResponse", "InferOutput", "PicturesRequest", "ScoreRequest", "ScoreResponse"];

    [Fact]
    public void Each_schema_has_the_members_of_the_type_that_is_answered()
    {
        var schemas = Document["components"]!["schemas"]!.AsObject();
        Assert.Equal(Answers.Keys.Concat(Untyped).Order(), schemas.Select(schema => schema.Key).Order());
        Assert.All(Answers, answer => Assert.Equal(MembersOf(answer.Value), schemas[answer.Key]!["properties"]!.AsObject().Select(property => property.Key)));
    }

    [Fact]
    public void Datatypes_are_those_that_are_served()
    {
        var named = Document["components"]!["schemas"]!["InferInput"]!["properties"]!["datatype"]!["enum"]!.AsArray().Select(name => (string)name!);
        Assert.Equal(Datatype.All.Select(datatype => datatype.Name).Order(), named.Order());
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own()
    {
        foreach (var reference in Nodes(Document).OfType<JsonObject>().Select(node => (string?)node["$ref"]).OfType<string>())
            Assert.NotNull(reference[2..].Split('/').Aggregate((JsonNode?)Document, (node, name) => node?[name]));
        var names = Nodes(Document["paths"]!).OfType<JsonObject>().Select(node => (string?)node["operationId"]).OfType<string>().ToList();
        Assert.Equal(names.Distinct(), names);
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        JsonTypeInfo? known = RestJson.Default.GetTypeInfo(type) ?? TritonJson.Default.GetTypeInfo(type);
        return known!.Properties.Select(property => property.Name);
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => (node switch
    {
        JsonObject members => members.SelectMany(member => member.Value is null ? [] : Nodes(member.Value)),
        JsonArray elements => elements.SelectMany(element => element is null ? [] : Nodes(element)),
        _ => [],
    }).Prepend(node);
}
