using System.Net;

namespace ModelPlatform.Tests.Integration.Sync;

/// <summary>What a browser without JavaScript is to ModelSync: it keeps cookies, sends forms, and asks for pages.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly Uri _address;

    public Visitor(SyncHost sync)
    {
        _address = sync.Client.BaseAddress!;
        Client = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { BaseAddress = _address };
        Client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public HttpClient Client { get; }

    public CookieCollection Cookies => _cookies.GetCookies(_address);

    public Task<string> PageAsync(string path = "/") => Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) => Client.PostAsync(
        new Uri(path, UriKind.Relative), new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value)), TestContext.Current.CancellationToken);

    public void Dispose() => Client.Dispose();
}
