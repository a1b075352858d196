namespace ModelPlatform.Cli.Smoke;

/// <summary>One line for each thing looked at. A failure is told and remembered, and the next thing is looked at.</summary>
internal sealed class SmokeReport(TextWriter output)
{
    private int _looked;
    private int _failed;

    public async Task CheckAsync(string what, Func<Task<string>> look)
    {
        _looked++;
        try { await output.WriteLineAsync($"ok      {what}: {await look()}"); }
        catch (CommandFailure failure)
        {
            _failed++;
            await output.WriteLineAsync($"FAILED  {what}: {failure.Message}");
        }
    }

    /// <exception cref="CommandFailure">Something failed.</exception>
    public void End()
    {
        if (_failed > 0) throw new CommandFailure(ExitCode.Failed, $"{_failed} of {_looked} checks failed.");
    }
}
