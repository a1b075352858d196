using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>Filters and enriches the framework's own activities; it names and tags them itself.</summary>
internal sealed class OutgoingRequests(HttpClientTraceInstrumentationOptions options) : IDisposable
{
    private readonly DiagnosticEvents _events = new("HttpHandlerDiagnosticListener", new()
    {
        ["System.Net.Http.HttpRequestOut.Start"] = (activity, payload) =>
        {
            var request = DiagnosticEvents.Read<HttpRequestMessage>(payload, "Request")!;
            // Without a source the sampler dropped it: the framework made this activity for us only.
            if (activity.Source.Name.Length == 0 || options.FilterHttpRequestMessage?.Invoke(request) == false)
                DiagnosticEvents.Drop(activity);
            else
                options.EnrichWithHttpRequestMessage?.Invoke(activity, request);
        },
        ["System.Net.Http.HttpRequestOut.Stop"] = (activity, payload) =>
        {
            if (DiagnosticEvents.Read<HttpResponseMessage>(payload, "Response") is { } response)
                options.EnrichWithHttpResponseMessage?.Invoke(activity, response);
        },
        ["System.Net.Http.Exception"] = (activity, payload) =>
        {
            var failure = DiagnosticEvents.Read<Exception>(payload, "Exception")!;
            if (options.RecordException)
                activity.AddException(failure);
            options.EnrichWithException?.Invoke(activity, failure);
        },
    });

    public void Dispose() => _events.Dispose();
}
