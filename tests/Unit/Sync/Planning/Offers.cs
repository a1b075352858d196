using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;

namespace ModelPlatform.Tests.Unit.Sync.Planning;

/// <summary>Short words for the tables: a version is "2" or, with another content under the same number, "2b".</summary>
internal static class Offers
{
    public static readonly ModelName Fashion = ModelName.Parse("fashion");
    public static readonly ModelName Other = ModelName.Parse("other");

    public static readonly ModelSignature Pictures = new([new("image", "FP32", 4)], [new("scores", "FP32", 2)]);
    public static readonly ModelSignature Tensors = new([new("x", "FP32", 2)], [new("y", "FP32", 2)]);

    public static RepositorySnapshot Holding(params (ModelName Name, ModelSnapshot Model)[] models) =>
        new(models.ToDictionary(model => model.Name, model => model.Model), [], ModelOverrides.None);

    public static RepositorySnapshot Unloading(this RepositorySnapshot seen, params ModelName[] models) =>
        seen with { Wishes = models.Aggregate(ModelOverrides.None, (wishes, model) => wishes.With(model, new ModelOverride(Unload: true))) };

    /// <summary>What is to be published where nothing is brought out in steps; null where that is published already.</summary>
    public static IReadOnlyDictionary<ModelName, DesiredModel>? News(RepositorySnapshot seen, DesiredState? published, IReadOnlyDictionary<GoodVersion, ModelSignature?> known) =>
        SyncPlan.Goals(seen, published, known) is { } goals && PlanNews.IsNews(goals, published, seen) ? goals : null;

    public static ModelSnapshot Model(string versions, ServingPolicy? policy = null) => new(policy ?? ServingPolicy.Default, [.. Words(versions).Select(word => Version(word))]);

    public static ModelSnapshot WithoutPolicy(string versions) => new(null, Model(versions).Committed);

    public static ServingPolicy Only(params long[] versions) => new() { Versions = new VersionChoice { Only = [.. versions.Select(number => new ModelVersion(number))] } };

    public static ServingPolicy Latest(int count) => new() { Versions = new VersionChoice { Latest = count } };

    public static ServingPolicy All { get; } = new() { Versions = new VersionChoice { All = true } };

    public static CommittedVersion Version(string word, bool signatureChange = false, string? traceparent = null) => new(Desired(word), signatureChange, traceparent);

    public static DesiredVersion Desired(string word)
    {
        var version = ModelVersion.Parse(word.TrimEnd('b'));
        var identity = Identity.OfManifest(System.Text.Encoding.UTF8.GetBytes(word));
        return new DesiredVersion(version, identity, $"fashion/{version}/",
            new Dictionary<FilePath, DesiredFile> { [RepositoryLayout.Manifest] = new($"etag-{word}", 10, identity.Digest) });
    }

    public static GoodVersion Good(string word, ModelName? model = null) => new(model ?? Fashion, Desired(word).Version, Desired(word).Identity);

    public static Dictionary<GoodVersion, ModelSignature?> Known(string versions, ModelSignature? signature = null) =>
        Words(versions).ToDictionary(word => Good(word), _ => signature);

    public static DesiredModel Published(string versions, string fallback = "", ModelSignature? signature = null) =>
        new() { Versions = [.. Words(versions).Select(Desired)], Fallback = [.. Words(fallback).Select(Desired)], Signature = signature };

    public static DesiredState State(params (ModelName Name, DesiredModel Model)[] models) =>
        DesiredState.Empty with { Generation = 7, Models = models.ToDictionary(model => model.Name, model => model.Model) };

    public static string Text(IEnumerable<DesiredVersion> versions) =>
        string.Join(' ', versions.Select(version => version.Identity == Desired($"{version.Version}b").Identity ? $"{version.Version}b" : version.Version.ToString()));

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
