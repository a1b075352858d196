using System.Diagnostics;
using System.Net;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Integration.Cli;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

/// <summary>Clients of the 2018 recipe against the running application: a Python program that can fail, and modelctl.</summary>
public sealed class LegacySampleTests(Azurite azurite) : OneReplica(azurite)
{
    private static readonly string Script = RepositoryRoot.Combine("samples", "legacy", "score.py");

    [Fact]
    public async Task The_right_labels_pass_and_a_wrong_one_fails()
    {
        var url = await ServeFashionAsync();
        var (exitCode, output, error) = await PythonAsync(url, $"{Picture("sneaker")}=Sneaker", $"{Picture("bag")}=Bag", Picture("coat"));
        Assert.True(exitCode == 0, output + error);
        Assert.Contains("is healthy, version ", output, StringComparison.Ordinal);
        Assert.Contains("Computed in ", output, StringComparison.Ordinal);
        Assert.Equal(9, output.Split('\n').Count(line => line.Contains(" %  ", StringComparison.Ordinal)));

        (exitCode, _, error) = await PythonAsync(url, $"{Picture("sneaker")}=Sneaker", $"{Picture("bag")}=Trouser");
        Assert.Equal(1, exitCode);
        Assert.Contains("should be 'Trouser', but 'Bag' came first", error, StringComparison.Ordinal);

        (exitCode, _, error) = await PythonAsync(url, $"{RepositoryRoot.Combine("README.md")}=Sneaker");
        Assert.Equal(1, exitCode);
        Assert.Contains("/score answered 4", error, StringComparison.Ordinal);

        var legacy = (await ModelCtl.RunAsync([], "score", Picture("sneaker"), Picture("bag"), "--legacy", "--url", url)).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(9, legacy.Length);
        Assert.StartsWith("Sneaker", legacy[1], StringComparison.Ordinal);
        Assert.EndsWith(" %", legacy[1], StringComparison.Ordinal);
        Assert.StartsWith("Bag", legacy[5], StringComparison.Ordinal);
        Assert.StartsWith("Computed in ", legacy[8], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Healthy", """{"result": [[[["Sneaker", 98.0]]], "Computed in 1 ms"]}""", 0)]
    [InlineData("Healthy", """{"result": [[[["n02690373 Sneaker", 98.0]]], "Computed in 1 ms"]}""", 1)]
    [InlineData("Healthy", """{"result": [[[["Sneaker, trainer", 98.0]]], "Computed in 1 ms"]}""", 0)]
    [InlineData("Starting", """{"result": [[[["Sneaker", 98.0]]], "Computed in 1 ms"]}""", 1)]
    [InlineData("Healthy", """{"result": [[[["Sneaker", 9.0], ["Bag", 91.0]]], "Computed in 1 ms"]}""", 1)]
    [InlineData("Healthy", """{"result": [[], "Computed in 1 ms"]}""", 1)]
    [InlineData("Healthy", """{"result": [[[["Sneaker", 98.0]]], null]}""", 1)]
    [InlineData("Healthy", """{"result": [[["Sneaker", 98.0]], "Computed in 1 ms"]}""", 1)]
    [InlineData("Healthy", "\"Sneaker\"", 1)]
    [InlineData("Healthy", "<html>Sneaker</html>", 1)]
    public async Task An_answer_of_another_form_fails(string health, string score, int exitCode)
    {
        using var server = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        server.Prefixes.Add(url + "/");
        server.Start();
        var answering = AnswerAsync(server, path => path switch { "/" => health, "/version" => "1.29.0", _ => score });
        var ran = await PythonAsync(url, $"{Picture("sneaker")}=Sneaker");
        server.Stop();
        await answering;
        Assert.True(ran.ExitCode == exitCode, ran.Output + ran.Error);
        Assert.DoesNotContain("Traceback", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_fails_and_wrong_usage_is_told_apart()
    {
        var (exitCode, _, error) = await PythonAsync($"http://127.0.0.1:{FreePort.Next()}", Picture("sneaker"));
        Assert.Equal(1, exitCode);
        Assert.Contains("does not answer", error, StringComparison.Ordinal);
        Assert.Equal(2, (await PythonAsync("http://127.0.0.1:1")).ExitCode);
        Assert.Equal(2, (await PythonAsync("http://127.0.0.1:1", "no-such.png=Sneaker")).ExitCode);
        Assert.Contains("double encoding", (await PythonAsync("--help")).Output, StringComparison.Ordinal);
    }

    private async Task<string> ServeFashionAsync()
    {
        var version = await Repository.PublishFolderAsync(new ModelId(ModelName.Parse("fashion"), new ModelVersion(1)), RepositoryRoot.Combine("samples", "fashion", "1"));
        await Repository.WantAsync(1, ("fashion", RepositoryContainer.Model(version)));
        var client = Start().StartOnSocket();
        await ReadyAsync(client);
        return client.BaseAddress!.ToString().TrimEnd('/');
    }

    private static async Task AnswerAsync(HttpListener server, Func<string, string> answer)
    {
        try
        {
            while (true)
            {
                var call = await server.GetContextAsync();
                await call.Request.InputStream.CopyToAsync(Stream.Null, Cancelled);
                await call.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer(call.Request.Url!.AbsolutePath)), Cancelled);
                call.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException) { }
    }

    private static string Picture(string name) => RepositoryRoot.Combine("samples", "fashion", "images", $"{name}.png");

    private static async Task<(int ExitCode, string Output, string Error)> PythonAsync(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [Script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = python.StandardOutput.ReadToEndAsync(Cancelled);
        var error = python.StandardError.ReadToEndAsync(Cancelled);
        await python.WaitForExitAsync(Cancelled);
        return (python.ExitCode, await output, await error);
    }
}
