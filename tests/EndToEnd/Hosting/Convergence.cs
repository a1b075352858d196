using System.Text.Json.Nodes;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

internal static class Convergence
{
    /// <summary>Waits until so many replicas, each asked at its own address, answer with the version.</summary>
    public static Task ConvergedAsync(this RunningPlatform platform, string model, int version, int replicas) => Eventually.IsTrueAsync(
        $"{replicas} replicas answer with version {version} of {model}",
        async () =>
        {
            var known = await platform.ReplicasAsync();
            if (known.Count != replicas) return false;
            var answers = await Task.WhenAll(known.Select(replica => VersionOfAsync(platform.Client, replica.Address!, model)));
            return answers.All(answer => answer == $"{version}");
        });

    /// <summary>The version that answers by default at an address; null where the model is not served.</summary>
    public static async Task<string?> VersionOfAsync(HttpClient client, string address, string model)
    {
        using var answer = await client.GetAsync($"{address}/v2/models/{model}", TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode) return null;
        return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["versions"]![0];
    }
}
