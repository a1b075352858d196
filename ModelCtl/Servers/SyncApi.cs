using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Servers;

/// <summary>What ModelSync answers operators.</summary>
internal sealed class SyncApi(Uri address)
{
    private const string Setting = "MODELCTL_SYNC";

    public const string AddressOptionName = "--sync";

    public static Option<Uri> AddressOption() => new(AddressOptionName)
    {
        Description = $"Where ModelSync answers [default: {Setting}, else http://localhost:5090]",
        HelpName = "address",
        DefaultValueFactory = result => TextValue.Address(result, Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } set ? set : "http://localhost:5090")!,
        CustomParser = TextValue.Address,
    };

    /// <summary>Null where nothing was published yet.</summary>
    public Task<DesiredState?> StateAsync(CancellationToken cancelled) => AskAsync(SyncRoutes.State, json => DesiredState.Parse(json), cancelled);

    public async Task<IReadOnlyList<ReplicaStatus>> ReplicasAsync(CancellationToken cancelled) =>
        await AskAsync(SyncRoutes.Replicas, json => Read(json, RepositoryJson.Default.IReadOnlyListReplicaStatus), cancelled) ?? [];

    public async Task<IReadOnlyList<RepositoryProblem>> ProblemsAsync(CancellationToken cancelled) =>
        await AskAsync(SyncRoutes.Problems, json => Read(json, RepositoryJson.Default.IReadOnlyListRepositoryProblem), cancelled) ?? [];

    public async Task<IReadOnlyList<ModelStatus>> ModelsAsync(CancellationToken cancelled) =>
        await AskAsync(SyncRoutes.Models, json => Read(json, RepositoryJson.Default.IReadOnlyListModelStatus), cancelled) ?? [];

    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(ModelName? model, int limit, CancellationToken cancelled) =>
        await AskAsync($"{SyncRoutes.History}?limit={limit}{(model is null ? "" : $"&model={model}")}", json => Read(json, RepositoryJson.Default.IReadOnlyListHistoryEntry), cancelled) ?? [];

    /// <param name="version">Where the wish is for one.</param>
    public Task WishAsync(ModelName model, string verb, ModelVersion? version, CancellationToken cancelled) => ServerAccess.AskAsync(
        address.Below(SyncRoutes.WishOf(model, verb)),
        JsonContent.Create(new VersionRequest(version), RepositoryJson.Default.VersionRequest),
        _ => "", "ModelSync", cancelled, OperatorKey.For(address));

    private Task<T?> AskAsync<T>(string route, Func<byte[], T> parse, CancellationToken cancelled) where T : class =>
        ServerAccess.AskAsync(address.Below(route), null, parse, "ModelSync", cancelled);

    private static IReadOnlyList<T> Read<T>(byte[] json, JsonTypeInfo<IReadOnlyList<T>> type) where T : class =>
        JsonSerializer.Deserialize(json, type) is { } all && !all.Contains(null!) ? all : throw new JsonException();
}
