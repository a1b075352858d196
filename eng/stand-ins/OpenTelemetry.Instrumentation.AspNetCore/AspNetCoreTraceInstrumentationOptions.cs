using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

public class AspNetCoreTraceInstrumentationOptions
{
    public Func<HttpContext, bool>? Filter { get; set; }
    public Action<Activity, HttpRequest>? EnrichWithHttpRequest { get; set; }
    public Action<Activity, HttpResponse>? EnrichWithHttpResponse { get; set; }
    public Action<Activity, Exception>? EnrichWithException { get; set; }
    public bool RecordException { get; set; }
}
