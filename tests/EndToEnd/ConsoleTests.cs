using Microsoft.Playwright;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd;

/// <summary>What an operator sees and does who has the console open, with a keyboard and nothing else.</summary>
public sealed class ConsoleTests
{
    private const string Model = "fashion";
    private const string Key = "development-only";

    private static readonly byte[] WithBake = """{ "rollout": { "first": 1, "bake": "00:00:06" } }"""u8.ToArray();

    [Fact]
    public async Task A_rollout_is_seen_as_it_moves_and_taken_back_from_the_keyboard()
    {
        Browser.SkipTestWhereMissing();
        await using var platform = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(platform.Sync);
        var errors = ErrorsOf(page);
        await SaysAsync(page, "Version 1: 2 of 2 replicas serve it.");
        await TabToAsync(page, page.GetByLabel("Platform key"));
        await page.Keyboard.TypeAsync(Key);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
        // Lost where the page is loaded anew.
        await page.EvaluateAsync("window.isSameDocument = true");
        var version = page.GetByLabel($"Version of {Model}");
        await TabToAsync(page, version);
        await page.Keyboard.TypeAsync("7");

        await PublishAsync(platform, 2);
        await SaysAsync(page, "Version 2 comes in place of 1: 1 of 2 replicas serve it. It proves itself on a before others get it.");
        await Assertions.Expect(RowOf(page, "2")).ToContainTextAsync("candidate");
        await Assertions.Expect(page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "1");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "a", Exact = true }) }).Last).ToContainTextAsync($"{Model} 2 serving (candidate)");
        await SaysAsync(page, "Version 2: 2 of 2 replicas serve it.");
        await Assertions.Expect(RowOf(page, "2")).ToContainTextAsync("wanted");
        await Assertions.Expect(RowOf(page, "1")).ToContainTextAsync("fallback");
        Assert.True(await page.EvaluateAsync<bool>("window.isSameDocument"));
        await Assertions.Expect(version).ToBeFocusedAsync();
        await Assertions.Expect(version).ToHaveValueAsync("7");

        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = $"Roll {Model} back to version 1" }));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText($"{Model} is rolled back, and pinned to the version before.")).ToBeVisibleAsync();
        await SaysAsync(page, "Version 1: 2 of 2 replicas serve it.");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "What happened last, newest first" })).ToContainTextAsync("pinned: Rolled back from version 2.");
        await platform.AnswersAsync(Model, 1, null, "a", "b");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Everything_can_be_read_and_done_without_JavaScript()
    {
        Browser.SkipTestWhereMissing();
        await using var platform = await StartAsync();
        await PublishAsync(platform, 2);
        await platform.AnswersAsync(Model, 2, null, "a", "b");
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(platform.Sync, new() { JavaScriptEnabled = false });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = Model, Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Reload the page to see what has changed.")).ToBeVisibleAsync();

        await page.GetByLabel("Platform key").FillAsync(Key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel($"Version of {Model}").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Pin {Model}" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"{Model} is pinned. It stays at that version until it is unpinned.")).ToBeVisibleAsync();
        await platform.AnswersAsync(Model, 1, null, "a", "b");
    }

    [Fact]
    public async Task A_page_that_is_left_open_while_ModelSync_restarts_says_so_and_comes_back()
    {
        Browser.SkipTestWhereMissing();
        await using var platform = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(platform.Sync);
        await Assertions.Expect(page.GetByText("This page shows changes as they happen.")).ToBeVisibleAsync();
        await platform.KillAsync("model-sync");
        await Assertions.Expect(page.GetByText("ModelSync cannot be reached: what is shown may be old.")).ToBeVisibleAsync();
        platform.StartSync();
        await Assertions.Expect(page.GetByText("This page shows changes as they happen.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await SaysAsync(page, "Version 1: 2 of 2 replicas serve it.");
    }

    private static async Task<PlainPlatform> StartAsync()
    {
        var platform = await PlainPlatform.StartAsync("a", "b");
        return await platform.WithAsync(async () =>
        {
            await platform.Repository.UploadAsync($"{Model}/serving.json", WithBake);
            await PublishAsync(platform, 1);
            await platform.AnswersAsync(Model, 1, null, "a", "b");
        });
    }

    private static Task<Repository.State.DesiredVersion> PublishAsync(PlainPlatform platform, int version) => platform.Repository.PublishAsync(
        new ModelId(ModelName.Parse(Model), new ModelVersion(version)), new Dictionary<string, byte[]> { ["model.onnx"] = OnnxModels.Times(version) });

    private static Task SaysAsync(IPage page, string text) =>
        Assertions.Expect(page.Locator($"#says-{Model}")).ToHaveTextAsync(text, new() { Timeout = 30_000 });

    private static ILocator RowOf(IPage page, string version) => page.GetByRole(AriaRole.Table, new() { Name = $"Versions of {Model}" })
        .GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = version, Exact = true }) });

    /// <summary>As somebody without a mouse gets there.</summary>
    private static async Task TabToAsync(IPage page, ILocator wanted)
    {
        await Assertions.Expect(wanted).ToBeVisibleAsync();
        for (var steps = 0; steps < 50; steps++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail("The keyboard does not get there.");
    }

    // What the content policy forbids is an error of the page too.
    private static List<string> ErrorsOf(IPage page)
    {
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") errors.Add(message.Text); };
        return errors;
    }
}
