using System.Text;
using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

[CollectionDefinition(Name)]
public sealed class OnePlatform : ICollectionFixture<BadInputPlatform>
{
    public const string Name = "bad input";
}

/// <summary>
/// One started platform for everything that is thrown at it: a ModelSync and the replica 'a', with a model that tells the colours of a picture ('quarters')
/// and one of tensors ('steady').
/// </summary>
public sealed class BadInputPlatform : IAsyncLifetime
{
    public const string Quarters = "quarters";
    public const string Steady = "steady";
    public const int MaxModelBytes = 8 << 20;

    private PlainPlatform? _platform;

    internal PlainPlatform Platform => _platform ?? throw new InvalidOperationException("It has not started.");

    public async ValueTask InitializeAsync()
    {
        _platform = await PlainPlatform.StartAsync();
        Start("a");
        var labels = string.Join('\n', from channel in new[] { "red", "green", "blue" } from place in new[] { "top left", "top right", "bottom left", "bottom right" } select $"{channel} {place}");
        await PublishAsync(Quarters, 1, new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Quarters(), ["labels.txt"] = Encoding.UTF8.GetBytes(labels) }, new JsonObject
        {
            ["task"] = "image-classification",
            ["labels"] = "labels.txt",
            ["preprocess"] = new JsonObject { ["fit"] = "stretch" },
            ["postprocess"] = new JsonObject { ["softmax"] = false, ["topK"] = 12 },
        });
        await PublishAsync(Steady, 1, OnnxModels.Times(1));
        await _platform.AnswersAsync(Quarters, 1, null, "a");
        await _platform.AnswersAsync(Steady, 1, null, "a");
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null) await _platform.DisposeAsync();
    }

    internal void Start(string replica, params (string Name, string Value)[] settings) => Platform.StartReplica(
        replica, [("Score__Model", Quarters), ("Execution__MaxModelBytes", $"{MaxModelBytes}"), ("Reload__RetryMost", "00:00:02"), .. settings]);

    internal Task PublishAsync(string model, int version, byte[] graph) => PublishAsync(model, version, new Dictionary<string, byte[]> { ["model.onnx"] = graph });

    internal Task PublishAsync(string model, int version, Dictionary<string, byte[]> files, JsonObject? draft = null, Dictionary<string, byte[]>? lies = null) =>
        Platform.Repository.PublishAsync(new ModelId(ModelName.Parse(model), new ModelVersion(version)), files, draft, lies);

    /// <summary>What a replica last said of a version; null where it said nothing.</summary>
    internal async Task<VersionStatus?> SaidAsync(string replica, string model, int version) =>
        (await Platform.ReplicasAsync()).FirstOrDefault(status => status.Id == replica)?.Models.GetValueOrDefault(ModelName.Parse(model))?.GetValueOrDefault(new ModelVersion(version));

    internal Task<VersionStatus> SaysAsync(string replica, string model, int version, AckState state) => Eventually.GetAsync(
        $"{replica} says {state} of {model} {version}\n{Platform.OutputOf(replica)}", async () => await SaidAsync(replica, model, version) is { } said && said.State == state ? said : null);

    /// <summary>A new model is served: everything that lay in the container before was looked at by then.</summary>
    internal async Task LookedAtEverythingAsync()
    {
        var name = $"seen-{Guid.NewGuid():n}";
        await PublishAsync(name, 1, OnnxModels.Times(1));
        await Platform.AnswersAsync(name, 1, null, "a");
    }

    /// <summary>The replica answers both models as ever.</summary>
    internal async Task AnswersAsEverAsync(string replica = "a")
    {
        await Platform.AnswersAsync(Quarters, 1, null, replica);
        await Platform.AnswersAsync(Steady, 1, null, replica);
    }
}
