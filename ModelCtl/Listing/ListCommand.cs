using System.CommandLine;
using Azure;
using Azure.Storage.Blobs;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Listing;

internal static class ListCommand
{
    private const int ManifestsAtOnce = 8;
    private const string Json = "json";

    private const string Summary = "Lists models and versions.";

    private const string Notes = """
        "committed" versions have their model.json and can be served; "incomplete" ones are being uploaded, or were left so.
        "wanted" and "fallback" are what ModelSync published last for the replicas to serve; GET /v1/replicas of ModelSync tells which of them do.
        """;

    private const string Examples = """
          modelctl list                            everything
          modelctl list fashion                    the versions of one model
          modelctl list --output json | jq …       for scripts
        """;

    public static Command Create()
    {
        var model = new Argument<ModelName?>("model") { Description = "Only this model", Arity = ArgumentArity.ZeroOrOne, CustomParser = result => TextValue.Of<ModelName>(result) };
        var output = new Option<string>("--output", "-o") { Description = "For people or for programs", DefaultValueFactory = _ => "table" }.AcceptOnlyFromAmong("table", Json);
        var connection = ModelStorage.ConnectionOption();
        var command = new DocumentedCommand("list", Summary, Examples, Notes) { model, output, connection };
        command.SetOutcome((parsed, cancelled) => RunAsync(parsed.GetValue(model), parsed.GetValue(output) == Json, parsed.GetValue(connection), cancelled));
        return command;
    }

    private static async Task RunAsync(ModelName? model, bool json, string? connection, CancellationToken cancelled)
    {
        var storage = ModelStorage.Open(connection);
        await storage.UseAsync(write: false, async () =>
        {
            var blobs = await StoredBlob.ListAsync(storage.Container, model is null ? null : $"{model}/", cancelled);
            var listing = RepositoryListing.Of(blobs).With(await ReadDesiredAsync(storage.Container, cancelled));
            if (model is not null && listing.Versions.Count == 0) throw new CommandFailure(ExitCode.Failed, $"There is no model '{model}' in {storage.Container.Uri}.");
            ListOutput.Write(await IdentifyAsync(listing, storage.Container, cancelled), json);
        }, cancelled);
    }

    private static async Task<DesiredState?> ReadDesiredAsync(BlobContainerClient container, CancellationToken cancelled)
    {
        try { return DesiredState.Parse((await container.GetBlobClient(RepositoryLayout.DesiredState).DownloadContentAsync(cancelled)).Value.Content); }
        catch (RequestFailedException missing) when (missing.Status == 404) { return null; }
        catch (InvalidDocumentException unreadable)
        {
            await Console.Error.WriteLineAsync(unreadable.Message);
            return null;
        }
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
        var blob = container.GetBlobClient(RepositoryLayout.BlobOf(new ModelId(version.Model, version.Version), RepositoryLayout.Manifest));
        try
        {
            var properties = await blob.GetPropertiesAsync(cancellationToken: cancelled);
            if (properties.Value.ContentLength > ModelManifest.MaxBytes) return null;
            return Identity.OfManifest((await blob.DownloadContentAsync(cancelled)).Value.Content);
        }
        catch (RequestFailedException gone) when (gone.Status == 404) { return null; }
    }
}
