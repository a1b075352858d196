using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>What an operator does at a ModelSync that has one model, and what comes of it.</summary>
internal static class Operator
{
    public static readonly ModelName Fashion = ModelName.Parse("fashion");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task IsServedAsync(SyncHost sync) =>
        Eventually.IsTrueAsync("it is served", async () => (await sync.ReplicasAsync()).Any(replica => replica.Models.ContainsKey(Fashion)));

    public static async Task<ModelStatus> ModelAsync(SyncHost sync) =>
        (await sync.Client.GetFromJsonAsync(SyncRoutes.Models, RepositoryJson.Default.IReadOnlyListModelStatus, Cancelled))!.Single();

    // A moment after an unload there may be no such model.
    public static Task ServesAsync(SyncHost sync, int version) => sync.StateAsync($"version {version}", state =>
        state.Models.GetValueOrDefault(Fashion) is { Versions: [var served] } && served.Version.Number == version);

    public static async Task WishAsync(SyncHost sync, string verb, string? body = null) =>
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(sync, SyncRoutes.WishOf(Fashion, verb), body)).StatusCode);

    public static async Task<SyncHost> ServingAsync(Storage storage, Action<IServiceCollection>? services = null)
    {
        var sync = new SyncHost(storage, services: services);
        await sync.IsHealthyAsync();
        await storage.Container.PublishAsync("fashion/1");
        await sync.StateAsync("the first document", state => state.Models.ContainsKey(Fashion));
        return sync;
    }

    public static Task<HttpResponseMessage> PostAsync(SyncHost sync, string path, string? body = null) =>
        sync.Client.PostAsync(new Uri(path, UriKind.Relative), body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
}
