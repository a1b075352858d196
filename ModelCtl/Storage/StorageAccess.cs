using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace ModelPlatform.Cli.Storage;

internal static class StorageAccess
{
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(10);

    // Signing in comes first there, and on a developer's machine that is a program of its own, which takes its seconds.
    private static readonly TimeSpan FirstAnswerOfAzure = TimeSpan.FromSeconds(30);

    /// <summary>Says where the storage is, looks whether it is there, and puts failures of the storage into words that name it.</summary>
    public static async Task UseAsync(this ModelStorage storage, bool write, Func<Task> work, CancellationToken cancelled)
    {
        var place = storage.Container.Uri;
        await Console.Error.WriteLineAsync($"storage {place}");
        try
        {
            await storage.ReachAsync(write, cancelled);
            await work();
        }
        catch (RequestFailedException failure) { throw Explain(place, failure); }
        catch (AggregateException retries) when (retries.InnerExceptions is [.., RequestFailedException last]) { throw Explain(place, last); }
        catch (AggregateException retries) when (retries.InnerExceptions is [.., OperationCanceledException] && !cancelled.IsCancellationRequested) { throw Silent(place); }
        catch (AuthenticationFailedException failure)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"Not signed in to {place}: {FirstLine(failure.Message)}");
        }
    }

    private static async Task ReachAsync(this ModelStorage storage, bool write, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(storage.Container.Uri.IsLoopback ? FirstAnswer : FirstAnswerOfAzure);
        try
        {
            if (await storage.Container.ExistsAsync(patience.Token)) return;
            if (!storage.IsDevelopment)
                throw new CommandFailure(ExitCode.Failed, $"The container {storage.Container.Uri} does not exist. Outside Development it is created with the infrastructure.");
            if (write) await storage.Container.CreateIfNotExistsAsync(cancellationToken: patience.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested) { throw Silent(storage.Container.Uri); }
    }

    private static CommandFailure Explain(Uri place, RequestFailedException failure) => failure.Status switch
    {
        0 => new CommandFailure(ExitCode.Unreachable, $"The storage {place} cannot be reached: {FirstLine(failure.Message)}{EmulatorHint(place)}"),
        401 or 403 => new CommandFailure(ExitCode.Unreachable, $"The storage {place} does not let us in: {failure.ErrorCode ?? FirstLine(failure.Message)}{RoleHint(failure)}"),
        _ => new CommandFailure(ExitCode.Failed, $"The storage {place} answered {failure.Status} {failure.ErrorCode}: {FirstLine(failure.Message)}"),
    };

    private static CommandFailure Silent(Uri place) => new(ExitCode.Unreachable, $"The storage {place} does not answer.{EmulatorHint(place)}");

    private static string EmulatorHint(Uri place) => place.IsLoopback ? "\nIs the application running? ./build.sh run starts the storage emulator." : "";

    private static string RoleHint(RequestFailedException failure) => failure.ErrorCode == BlobErrorCode.AuthorizationPermissionMismatch
        ? "\nReading takes the role Storage Blob Data Reader for the container, publishing Storage Blob Data Contributor. A role that is new takes up to ten minutes to hold."
        : "";

    // The SDK adds the whole answer, headers included.
    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
