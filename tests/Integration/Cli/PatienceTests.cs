using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Integration.Sync;

namespace ModelPlatform.Tests.Integration.Cli;

/// <summary>Commands that look again and again, and a server that does not answer now and then, as while its leader changes.</summary>
public sealed class PatienceTests(Azurite azurite)
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");

    private const string RollingOut = """[{"model":"fashion","versions":["1"],"candidate":["2"],"quarantine":[],"replicas":{}}]""";
    private const string Done = """[{"model":"fashion","versions":["2"],"candidate":[],"quarantine":[],"replicas":{}}]""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_looks_again_where_a_server_that_has_answered_does_not_now()
    {
        await using var server = await ScriptedAsync((200, RollingOut), (503, """{"error":"It does not lead."}"""), (502, "<html>"), (200, Done));
        var ran = (await ModelCtl.RunAsync([new("MODELCTL_SYNC", server.Urls.Single())], "watch", "--until-done")).Expect(0);
        Assert.Single(ran.Error.Split('\n'), line => line.Contains("503: It does not lead.", StringComparison.Ordinal));
        Assert.DoesNotContain("502", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_that_has_not_answered_yet_is_unreachable_at_once(int status)
    {
        await using var server = await ScriptedAsync((status, """{"error":"It does not lead."}"""));
        Assert.Contains($"{status}: It does not lead.", (await ModelCtl.RunAsync([new("MODELCTL_SYNC", server.Urls.Single())], "watch")).Expect(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_refuses_ends_the_watch_at_once()
    {
        await using var server = await ScriptedAsync((200, RollingOut), (500, """{"error":"A bug."}"""));
        Assert.Contains("500: A bug.", (await ModelCtl.RunAsync([new("MODELCTL_SYNC", server.Urls.Single())], "watch", "--until-done")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unload_waits_on()
    {
        var storage = azurite.NewStorage();
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        var identity = await storage.Container.PublishAsync("fashion/1");
        var version = new DesiredVersion(new ModelVersion(1), identity, "fashion/1/", new Dictionary<FilePath, DesiredFile>());
        var wanted = DesiredState.Empty with { Models = new Dictionary<ModelName, DesiredModel> { [Fashion] = new() { Versions = [version] } } };
        await using var server = await ScriptedAsync((200, Text(wanted)), (503, ""), (200, Text(DesiredState.Empty)), (200, "[]"));

        var ran = (await ModelCtl.RunAsync(storage, "unload", "fashion", "--wait", "--sync", server.Urls.Single())).Expect(0);

        Assert.Contains("No replica serves fashion", ran.Output, StringComparison.Ordinal);
        Assert.Contains("503", ran.Error, StringComparison.Ordinal);

        static string Text(DesiredState state) => System.Text.Encoding.UTF8.GetString(state.ToJson());
    }

    /// <summary>Gives one answer after the other, and the last one for ever.</summary>
    private static async Task<WebApplication> ScriptedAsync(params (int Status, string Body)[] answers)
    {
        var app = WebApplication.CreateSlimBuilder(FakeReplica.Elsewhere).Build();
        app.Urls.Add("http://127.0.0.1:0");
        var asked = 0;
        app.Run(async context =>
        {
            var (status, body) = answers[Math.Min(Interlocked.Increment(ref asked), answers.Length) - 1];
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync(Cancelled);
        return app;
    }
}
