using Microsoft.Playwright;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>What a person sees who leaves the page open in a browser.</summary>
public sealed class HealthPageTests
{
    [Fact]
    public async Task The_health_page_shows_each_replica_and_what_is_wrong_with_it()
    {
        Browser.SkipTestWhereMissing();
        await using var platform = await PlainPlatform.StartAsync("a", "b");
        await platform.PublishAsync(ScoringLoad.Model, 1, ScoringLoad.FolderOf(1));
        await platform.AnswersAsync(ScoringLoad.Model, 1, null, "a", "b");
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new Uri(platform.Sync, "/healthchecks-ui"));
        // What is not there yet is not expanded.
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "model-sync", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.GetByTitle("expand all").ClickAsync();

        foreach (var replica in (string[])["a", "b"])
        {
            await ShowsAsync(page, $"replica {replica}", "Healthy");
            await ShowsAsync(page, $"replica {replica}", $"{ScoringLoad.Model} 1 serving");
        }
        await ShowsAsync(page, "storage", "Healthy");

        platform.Suspend("b");
        await ShowsAsync(page, "replica b", "Unhealthy");
        await ShowsAsync(page, "replica b", "No answer within 2 s.");
        await ShowsAsync(page, "replica a", "Healthy");

        platform.Resume("b");
        await ShowsAsync(page, "replica b", $"{ScoringLoad.Model} 1 serving");

        await platform.KillAsync("b");
        await Assertions.Expect(RowOf(page, "replica b")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await ShowsAsync(page, "replica a", "Healthy");
    }

    private static Task ShowsAsync(IPage page, string name, string text) =>
        Assertions.Expect(RowOf(page, name)).ToContainTextAsync(text, new() { Timeout = 30_000 });

    // Tables are nested: the innermost row is meant.
    private static ILocator RowOf(IPage page, string name) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Cell, new() { Name = name, Exact = true }), HasNot = page.GetByRole(AriaRole.Table) });
}
