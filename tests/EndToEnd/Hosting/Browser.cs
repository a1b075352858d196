using Microsoft.Playwright;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>The distribution's Chromium without a window; no browser is downloaded.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    // Some machines run tests as root, where Chromium has no sandbox; the rest keeps it from calling home.
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly IPlaywright _driver;
    private readonly IBrowser _browser;

    private Browser(IPlaywright driver, IBrowser browser) => (_driver, _browser) = (driver, browser);

    public static void SkipTestWhereMissing() => Assert.SkipUnless(File.Exists(Chromium), "Chromium is missing. Debian, Ubuntu: apt-get install chromium");

    public static async Task<Browser> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        return new Browser(driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = Arguments }));
    }

    public async Task<IPage> OpenAsync(Uri address, BrowserNewPageOptions? options = null)
    {
        var page = await _browser.NewPageAsync(options);
        await page.GotoAsync(address.ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _driver.Dispose();
    }
}
