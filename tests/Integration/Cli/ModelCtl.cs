using System.Diagnostics;

namespace ModelPlatform.Tests.Integration.Cli;

/// <summary>modelctl as people and scripts run it: a process with arguments, two streams and an exit code.</summary>
internal sealed record ModelCtl(int ExitCode, string Output, string Error)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "modelctl.dll");

    public static Task<ModelCtl> RunAsync(Storage storage, params string[] arguments) => RunAsync(In(storage), arguments);

    public static Task<ModelCtl> RunAsync(IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments) =>
        RunAsync(environment, new ProcessStartInfo("dotnet", [Program, .. arguments]));

    /// <summary>With a terminal of its own, at which somebody types the answer; both streams arrive as one.</summary>
    public static Task<ModelCtl> AtTerminalAsync(Storage storage, string answer, params string[] arguments) =>
        RunAsync(In(storage), new ProcessStartInfo("script", ["-qec", $"dotnet '{Program}' {string.Join(' ', arguments)}", "/dev/null"]), answer + "\n");

    private static KeyValuePair<string, string>[] In(Storage storage) => [new("ConnectionStrings__models", storage.ConnectionString), new("DOTNET_ENVIRONMENT", "Development")];

    private static async Task<ModelCtl> RunAsync(IEnumerable<KeyValuePair<string, string>> environment, ProcessStartInfo start, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var name in new[] { "ConnectionStrings__models", "DOTNET_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "MODELCTL_SYNC", "MODELCTL_KEY", "Platform__Key" }) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
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
