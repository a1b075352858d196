using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>What ModelSync gives to no replica, and why.</summary>
internal static class Quarantine
{
    public static async Task<string?> ReasonAsync(HttpClient client, Uri sync, string model, int version)
    {
        var state = DesiredState.Parse(await client.GetByteArrayAsync(new Uri(sync, SyncRoutes.State), TestContext.Current.CancellationToken));
        return state.Models.GetValueOrDefault(ModelName.Parse(model))?.Quarantine.FirstOrDefault(refused => refused.Version.Version.Number == version)?.Reason;
    }

    /// <returns>The reason, once it is there.</returns>
    public static Task<string> OfAsync(HttpClient client, Uri sync, string model, int version) =>
        Eventually.GetAsync($"{model} {version} quarantined", () => ReasonAsync(client, sync, model, version));
}
