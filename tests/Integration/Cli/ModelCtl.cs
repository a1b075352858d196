using System.Diagnostics;

namespace ModelPlatform.Tests.Integration.Cli;

/// <summary>modelctl as people and scripts run it: a process with arguments, two streams and an exit code.</summary>
internal sealed record ModelCtl(int ExitCode, string Output, string Error)
{
    public static Task<ModelCtl> RunAsync(Storage storage, params string[] arguments) =>
        RunAsync([new("ConnectionStrings__models", storage.ConnectionString), new("DOTNET_ENVIRONMENT", "Development")], arguments);

    public static async Task<ModelCtl> RunAsync(IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "modelctl.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in new[] { "ConnectionStrings__models", "DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT" }) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ModelCtl(process.ExitCode, await output, await error);
    }

    public ModelCtl Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}\n{Output}\n{Error}");
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);   // a stack
        return this;
    }
}
