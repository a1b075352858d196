using Microsoft.Playwright;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.EndToEnd.Load;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>What a person sees who tries the interface in a browser.</summary>
public sealed class ApiPageTests
{
    [Fact]
    public async Task A_tensor_is_scored_from_the_page()
    {
        Browser.SkipTestWhereMissing();
        await using var platform = await PlainPlatform.StartAsync("a");
        await platform.PublishAsync(ScoringLoad.Model, 1, ScoringLoad.FolderOf(1));
        await platform.AnswersAsync(ScoringLoad.Model, 1, null, "a");
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new Uri(platform.AddressOf("a"), "/docs"));

        var infer = page.Locator("#operations-scoring-infer");
        await infer.GetByRole(AriaRole.Button).First.ClickAsync();
        await infer.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        await infer.GetByPlaceholder("model").FillAsync(ScoringLoad.Model);
        await infer.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();

        var answer = infer.Locator(".live-responses-table");
        await Assertions.Expect(answer).ToContainTextAsync($"\"model_name\": \"{ScoringLoad.Model}\"", new() { Timeout = 30_000 });
        await Assertions.Expect(answer.Locator(".response-col_status").Last).ToContainTextAsync("200");
    }
}
