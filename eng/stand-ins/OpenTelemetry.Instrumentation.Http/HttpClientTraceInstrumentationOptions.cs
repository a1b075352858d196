using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

public class HttpClientTraceInstrumentationOptions
{
    public Func<HttpRequestMessage, bool>? FilterHttpRequestMessage { get; set; }
    public Action<Activity, HttpRequestMessage>? EnrichWithHttpRequestMessage { get; set; }
    public Action<Activity, HttpResponseMessage>? EnrichWithHttpResponseMessage { get; set; }
    public Action<Activity, Exception>? EnrichWithException { get; set; }
    public bool RecordException { get; set; }
}
