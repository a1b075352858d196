namespace ModelPlatform.Tests.Deployment.Newcomer;

/// <summary>Also what nobody types in a test is written as az takes it: options, what has to be there, and queries.</summary>
public sealed class WrittenCommandsTests : IDisposable
{
    private static readonly string[] Files =
        ["README.md", "infra/README.md", "infra/main.bicepparam", "docs/operations.md", "eng/deploy.sh", .. Directory.GetFiles(RepositoryRoot.Combine("eng", "deploy"))];

    private readonly NewcomersMachine _machine = new();

    [Fact]
    public async Task Every_command_of_az_is_one_that_it_takes()
    {
        var commands = Files.SelectMany(file => WrittenCommands.Of("az", file)).Distinct().ToList();
        Assert.Contains("az aks install-cli --only-show-errors", commands);
        Assert.Contains("az ad user show --id mail --query id --output tsv", commands);

        foreach (var command in commands)
        {
            // Where only its name is written, nothing has to be there.
            var typed = command.Contains(" --", StringComparison.Ordinal) ? command : $"{command} --help";
            Assert.True(await _machine.TypeAsync([typed], ("TAKEN_APART_ONLY", "1"), ("HOST", "models.example.com"), ("KEY", "k")) == 0, $"{command}\n{_machine.Said}");
        }
        Assert.Equal(commands.Count, _machine.Calls.Count);
    }

    public void Dispose() => _machine.Dispose();
}
