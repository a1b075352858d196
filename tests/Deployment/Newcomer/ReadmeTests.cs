namespace ModelPlatform.Tests.Deployment.Newcomer;

/// <summary>README.md, "Deploy", does word by word what it says: its commands are taken from it and typed.</summary>
public sealed class ReadmeTests : IDisposable
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> Aks = WrittenCommands.Between("README.md", "**AKS**", "**Any cluster**");
    private static readonly IReadOnlyList<string> AnyCluster = Assert.Single(WrittenCommands.Between("README.md", "**Any cluster**", "**By pipeline**"));

    // In which command, at which call, and what is read then besides what the call itself says.
    private static readonly (string Command, string Call, string Said)[] Failures =
    [
        ("az group", "az group create", ""),
        ("az deployment", "az deployment group create", ""),
        ("eng/deploy/connect", "az deployment group show", "infra/README.md has the two commands before this one"),
        ("eng/deploy/connect", "az aks get-credentials", ""),
        ("eng/deploy/connect", "kubelogin convert-kubeconfig", ""),
        ("eng/deploy/connect", "kubectl auth can-i", "a role that is new takes up to ten minutes to hold"),
        ("./build.sh deploy", "kubectl config current-context", "eng/deploy/connect"),
        ("./build.sh deploy", "kubectl auth can-i", "does not answer, or does not let you deploy"),
        ("./build.sh deploy", "dotnet publish", ""),
        ("./build.sh deploy", "az acr login", "it takes the role AcrPush there"),
        ("./build.sh deploy", "skopeo copy", ""),
        ("./build.sh deploy", "kubectl apply -f", ""),
        ("./build.sh deploy", "create secret generic platform-key", ""),
        ("./build.sh deploy", "create secret tls inference-api-tls", "the certificate could not be put into the cluster"),
        ("./build.sh deploy", "kubectl diff", "nothing was changed"),
        ("./build.sh deploy", "kubectl apply -k", "not everything could be applied"),
        ("./build.sh deploy", "rollout status deployment/inference-api", "deployment/inference-api does not come up"),
        ("./build.sh deploy", "port-forward", "port-forward service/inference-api does not come up"),
        ("./build.sh deploy", "modelctl.dll smoke", "the look at it failed"),
    ];

    private readonly NewcomersMachine _machine = new();

    [Fact]
    public async Task Somebody_with_a_subscription_gets_from_nothing_to_a_scored_picture()
    {
        await _machine.CloneAsync();
        _machine.SignIn();

        Assert.True(await _machine.TypeAsync([.. Aks[0], .. Aks[1]]) == 0, _machine.Said);

        Assert.Contains("\"label\":\"Sneaker\"", _machine.Said, StringComparison.Ordinal);
        Assert.Contains("\nINFERENCE_API_CLIENT_ID=11111111-", _machine.Read("aspire-manifest/overlays/aks/azure.env"), StringComparison.Ordinal);
        Assert.DoesNotContain("-changed", _machine.Read("aspire-manifest/overlays/aks/azure.env"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_it_can_be_done_again_and_a_certificate_of_ones_own_takes_the_place_of_the_first()
    {
        await _machine.CloneAsync();
        _machine.SignIn();
        string[] own = ["openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -subj /CN=models.example.com -addext subjectAltName=DNS:models.example.com 2> /dev/null"];

        Assert.True(await _machine.TypeAsync([.. Aks[0], .. Aks[0], .. own, .. Aks[2], .. Aks[1]]) == 0, _machine.Said);

        Assert.Equal(2, _machine.Calls.Count(call => call.Contains(" create secret ", StringComparison.Ordinal) && !call.Contains("--dry-run", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_does_not_work_then_is_taken_back()
    {
        await _machine.CloneAsync();
        _machine.SignIn();
        Assert.True(await _machine.TypeAsync(Aks[0]) == 0, _machine.Said);

        Assert.NotEqual(0, await _machine.TypeAsync(["echo Reload__ResyncEvery=00:01:00 >> aspire-manifest/overlays/aks/settings.env", Aks[0][^1]], ("FAILS", "modelctl.dll smoke")));

        Assert.Contains("went back: model-sync inference-api", _machine.Said, StringComparison.Ordinal);
        Assert.Contains(_machine.Calls, call => call.Contains("rollout undo deployment/inference-api --to-revision 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_does_somebody_with_a_cluster()
    {
        await _machine.CloneAsync();
        _machine.SignIn();
        await _machine.TypeAsync(Aks[0].Take(3));

        Assert.True(await _machine.TypeAsync(AnyCluster.Select(InTurn)) == 0, _machine.Said);

        Assert.Contains("\"label\":\"Sneaker\"", _machine.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_commands_of_the_infrastructure_are_the_same() =>
        Assert.Equal(Aks[0].Take(3), WrittenCommands.Between("infra/README.md", "What the application", "The second")[0]);

    [Fact]
    public async Task Whatever_fails_is_told_and_the_same_command_then_goes_on()
    {
        await _machine.CloneAsync();
        Assert.NotEqual(0, await _machine.TypeAsync(Aks[0]));
        Assert.Contains("Please run 'az login'", _machine.Said, StringComparison.Ordinal);
        _machine.SignIn();

        foreach (var command in Aks[0])
        {
            foreach (var (call, said) in Failures.Where(failure => command.StartsWith(failure.Command, StringComparison.Ordinal)).Select(failure => (failure.Call, failure.Said)))
            {
                Assert.True(await _machine.TypeAsync([command], ("FAILS", call), ("BECAUSE", "because of the test")) != 0, $"{call} fails and nobody cares:\n{_machine.Said}");
                Assert.Contains("because of the test", _machine.Said, StringComparison.Ordinal);
                Assert.Contains(said, _machine.Said, StringComparison.Ordinal);
            }
            Assert.True(await _machine.TypeAsync([command]) == 0, _machine.Said);
        }
        Assert.True(await _machine.TypeAsync(Aks[1]) == 0, _machine.Said);
    }

    [Fact]
    public async Task Nothing_is_built_before_the_settings_are_there()
    {
        await _machine.CloneAsync();
        _machine.SignIn();
        await _machine.TypeAsync(Aks[0].Take(3));

        Assert.NotEqual(0, await _machine.TypeAsync(["git checkout --quiet aspire-manifest", "./build.sh deploy aks"]));

        Assert.Contains("eng/deploy/connect", _machine.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(_machine.Calls, call => call.StartsWith("dotnet publish", StringComparison.Ordinal));
    }

    public void Dispose() => _machine.Dispose();

    // A person waits a moment for what runs in the background.
    private static string InTurn(string command) => command.EndsWith(" &", StringComparison.Ordinal) ? $"{command}\nwait" : command;
}
