using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>Something that happens to the storage just before a client's request of a kind reaches it, or in the place of the request where it throws.</summary>
internal sealed class Meanwhile(Predicate<Request> before, Func<Task> happens) : HttpPipelinePolicy
{
    /// <summary>Of the writes of the desired state; not of what a new leader does first, which touches the metadata only.</summary>
    public static bool IsPublication(Request request) => request.Method == RequestMethod.Put && request.Uri.Query.Length == 0 && Is(request, "desired-state.json");

    public static bool IsTouch(Request request) => request.Method == RequestMethod.Put && request.Uri.Query.Contains("comp=metadata", StringComparison.Ordinal);

    /// <summary>Of the whole container; the history looks for its own files.</summary>
    public static bool IsListing(Request request) =>
        request.Uri.Query.Contains("comp=list", StringComparison.Ordinal) && !request.Uri.Query.Contains("prefix=", StringComparison.Ordinal);

    public static bool IsRead(Request request, string blob) => request.Method == RequestMethod.Get && Is(request, blob);

    public static bool IsWrite(Request request, string blob) => request.Method == RequestMethod.Put && Is(request, blob);

    /// <param name="position">By each try what happens is met by the client's own retries.</param>
    public BlobContainerClient In(Storage storage, HttpPipelinePosition position = HttpPipelinePosition.PerCall)
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 1 } };
        options.AddPolicy(this, position);
        return new BlobContainerClient(storage.Account, storage.Container.Name, options);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (before(message.Request)) await happens();
        await ProcessNextAsync(message, pipeline);
    }

    private static bool Is(Request request, string blob) => request.Uri.Path.EndsWith($"/{blob}", StringComparison.Ordinal);
}
