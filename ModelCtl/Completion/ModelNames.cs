using System.CommandLine;
using System.CommandLine.Completions;
using Azure;
using Azure.Identity;
using ModelPlatform.Cli.Storage;

namespace ModelPlatform.Cli.Completion;

/// <summary>The models of the repository, for a shell that completes a word: a storage that does not answer at once has none.</summary>
internal static class ModelNames
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Of(CompletionContext context, Option<string?>? connection)
    {
        try
        {
            var storage = ModelStorage.Open(connection is null ? null : context.ParseResult.GetValue(connection));
            using var patience = new CancellationTokenSource(Patience);
            var listing = Task.Run(() => StoredBlob.ListAsync(storage.Container, null, patience.Token), patience.Token);
            // Not every part of the SDK looks at the token at once.
            return [.. listing.WaitAsync(Patience).GetAwaiter().GetResult().Owners().Select(model => model.ToString())];
        }
        catch (Exception away) when (away is CommandFailure or RequestFailedException or AggregateException or OperationCanceledException or TimeoutException or AuthenticationFailedException)
        {
            return [];
        }
    }
}
