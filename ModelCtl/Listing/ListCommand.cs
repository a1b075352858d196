using System.CommandLine;
using Azure;
using Azure.Storage.Blobs;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Cli.Listing;

internal static class ListCommand
{
    private const int ManifestsAtOnce = 8;

    private const string Summary = "Lists models and versions.";

    private const string Notes = """
        "committed" versions have their model.json and can be served; "incomplete" ones are being uploaded, or were left so.
        "flat" ones lie at the root and have no model.json; ModelSync numbers them when it publishes them.
        "wanted" and "fallback" are what ModelSync published last for the replicas to serve; "modelctl status" shows which of them do.
        """;

    private const string Examples = """
          modelctl list                            everything
          modelctl list fashion                    the versions of one model
          modelctl list --output json | jq …       for scripts
        """;

    public static Command Create()
    {
        var connection = ModelStorage.ConnectionOption();
        var model = ModelArgument.Create("Only this model", ArgumentArity.ZeroOrOne, connection);
        var output = OutputOption.Create();
        var command = new DocumentedCommand("list", Summary, Examples, Notes) { model, output, connection };
        command.SetOutcome((parsed, cancelled) => RunAsync(parsed.GetValue(model), parsed.GetValue(output) == OutputOption.Json, parsed.GetValue(connection), cancelled));
        return command;
    }

    private static async Task RunAsync(ModelName? model, bool json, string? connection, CancellationToken cancelled)
    {
        var storage = ModelStorage.Open(connection);
        await storage.UseAsync(write: false, async () =>
        {
            var blobs = await StoredBlob.ListAsync(storage.Container, null, cancelled);
            var listing = RepositoryListing.Of(blobs, model).With(await storage.Container.DesiredStateAsync(cancelled).OrToldAsync());
            if (model is not null && listing.Versions.Count == 0) throw KnownModels.Unknown(model, blobs.Owners());
            ListOutput.Write(await IdentifyAsync(listing, storage.Container, cancelled), json);
            var overrides = (await storage.Container.OverridesAsync(cancelled).OrToldAsync()).Overrides;
            foreach (var unloaded in listing.Versions.Select(version => version.Model).Distinct().Where(name => overrides?.Unload(name) == true))
                await Console.Error.WriteLineAsync($"{unloaded} is unloaded: nobody serves it until \"modelctl load {unloaded}\".");
            foreach (var pinned in listing.Versions.Select(version => version.Model).Distinct().Where(name => overrides?.Pin(name) is not null))
                await Console.Error.WriteLineAsync($"{pinned} is pinned to version {overrides!.Pin(pinned)} until \"modelctl unpin {pinned}\".");
        }, cancelled);
    }

    private static async Task<RepositoryListing> IdentifyAsync(RepositoryListing listing, BlobContainerClient container, CancellationToken cancelled)
    {
        var versions = listing.Versions.ToArray();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ManifestsAtOnce, CancellationToken = cancelled };
        await Parallel.ForAsync(0, versions.Length, options, async (i, stopped) =>
        {
            if (versions[i].State == VersionState.Committed) versions[i] = versions[i] with { Identity = await IdentityOfAsync(versions[i], container, stopped) };
        });
        return listing with { Versions = versions };
    }

    private static async Task<Identity?> IdentityOfAsync(ListedVersion version, BlobContainerClient container, CancellationToken cancelled)
    {
        var blob = container.GetBlobClient(RepositoryLayout.BlobOf(new ModelId(version.Model, version.Version!.Value), RepositoryLayout.Manifest));
        try
        {
            var properties = await blob.GetPropertiesAsync(cancellationToken: cancelled);
            if (properties.Value.ContentLength > ModelManifest.MaxBytes) return null;
            return Identity.OfManifest((await blob.DownloadContentAsync(cancelled)).Value.Content);
        }
        catch (RequestFailedException gone) when (gone.Status == 404) { return null; }
    }
}
