namespace ModelPlatform.Tests.Deployment.Newcomer;

/// <summary>What <c>eng/deploy/connect</c> does not take for the infrastructure of this application.</summary>
public sealed class ConnectTests : IDisposable
{
    private static readonly IReadOnlyList<string> Commands = WrittenCommands.Between("infra/README.md", "What the application", "The second")[0];

    private readonly NewcomersMachine _machine = new();

    [Theory]
    [InlineData("Failed", "is not done but 'Failed'")]
    [InlineData("Running", "is not done but 'Running'")]
    public async Task An_infrastructure_that_is_not_done_is_not_taken_over(string state, string said)
    {
        await _machine.CloneAsync();
        _machine.SignIn();

        Assert.NotEqual(0, await _machine.TypeAsync(Commands, ("PROVISIONED", state)));

        Assert.Contains(said, _machine.Said, StringComparison.Ordinal);
        Assert.Contains("example.azurecr.io", _machine.Read("aspire-manifest/overlays/aks/azure.env"), StringComparison.Ordinal);
    }

    // Of a deployment without outputs az prints nothing, and of one that lacks some of them "None".
    [Theory]
    [InlineData("")]
    [InlineData("other")]
    [InlineData("registry inferenceApiClientId modelSyncClientId modelsConnection")]
    public async Task Neither_is_a_deployment_of_something_else(string outputs)
    {
        await _machine.CloneAsync();
        _machine.SignIn();

        Assert.NotEqual(0, await _machine.TypeAsync(Commands, ("OUTPUTS", outputs)));

        Assert.Contains("is not one of infra/main.bicep", _machine.Said, StringComparison.Ordinal);
        Assert.Contains("example.azurecr.io", _machine.Read("aspire-manifest/overlays/aks/azure.env"), StringComparison.Ordinal);
    }

    public void Dispose() => _machine.Dispose();
}
