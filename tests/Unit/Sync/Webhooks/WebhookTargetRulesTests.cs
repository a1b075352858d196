using Microsoft.Extensions.Configuration;
using ModelPlatform.Sync.Webhooks;

namespace ModelPlatform.Tests.Unit.Sync.Webhooks;

public sealed class WebhookTargetRulesTests
{
    // settings of one target → what is said of it; nothing where it is well
    [Theory]
    [InlineData("Url=https://x.example.com/in?sig=1", "")]
    [InlineData("Url=http://receiver.tools.svc/in", "")]
    [InlineData("Url=https://x;Secret=0123456789abcdef;Events:0=rolledBack;Name=ops", "")]
    [InlineData("Url=https://x;Secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "")]
    [InlineData("Url=https://x;Token=t", "")]
    [InlineData("Url=http://127.0.0.1:99;Token=t", "")]
    [InlineData("Kind=azureDevOps;Url=https://dev.azure.com/contoso;Project=p;Pipeline=1;Token=t", "")]
    [InlineData("Kind=gitHub;Repository=o/n;Token=t", "")]
    [InlineData("Kind=gitHub;Repository=o/n;Token=t;Workflow=w.yml;Ref=main", "")]
    [InlineData("Name=nowhere", "Url must be an http or https address without a user's name.")]
    [InlineData("Url=ftp://x", "Url must be an http or https address without a user's name.")]
    [InlineData("Url=https://user:password@x", "Url must be an http or https address without a user's name.")]
    [InlineData("Url=http://x;Token=t", "Url must be an https address, since a token is sent there.")]
    [InlineData("Url=https://x;Token=a b", "Token has characters that a header cannot carry.")]
    [InlineData("Url=https://x;Secret=short", "Secret must have at least 16 bytes, and be Base64 after 'whsec_'.")]
    [InlineData("Url=https://x;Secret=whsec_!", "Secret must have at least 16 bytes, and be Base64 after 'whsec_'.")]
    [InlineData("Kind=gitHub;Repository=o/n;Token=t;Secret=0123456789abcdef", "Secret is for the kind CloudEvents only; the others need a Token.")]
    [InlineData("Kind=azureDevOps;Url=https://x;Pipeline=1;Token=t", "Project is missing.")]
    [InlineData("Kind=azureDevOps;Url=https://x;Project=p;Token=t", "Pipeline is missing: the number in the pipeline's address.")]
    [InlineData("Kind=azureDevOps;Url=https://x;Project=p;Pipeline=1", "Token is missing.")]
    [InlineData("Kind=gitHub;Repository=name;Token=t", "Repository must be owner/name.")]
    [InlineData("Kind=gitHub;Repository=o/n;Token=t;Workflow=w.yml", "Ref is missing: the branch whose workflow is run.")]
    [InlineData("Kind=gitHub;Repository=o/n;Token=t;Inputs:tag={model};Inputs:empty=", "")]
    [InlineData("Kind=gitHub;Repository=o/n;Token=t;Inputs:tag={model};Inputs:note", "Inputs:note is null: give it a text, or leave it out.")]
    public void What_is_wrong_with_a_target_is_named_and_no_secret_is_told(string settings, string problem)
    {
        var configured = settings.Split(';').Select(setting => setting.Split('=', 2)).Select(setting => KeyValuePair.Create($"Webhooks:Targets:0:{setting[0]}", setting.ElementAtOrDefault(1)));
        var options = new ConfigurationBuilder().AddInMemoryCollection(configured).Build().GetSection(WebhookOptions.Section).Get<WebhookOptions>()!;
        var result = new WebhookTargetRules().Validate(null, options);
        Assert.Equal(problem.Length == 0 ? [] : [$"Webhooks:Targets:0:{problem}"], result.Failures ?? []);
    }

    [Theory]
    [InlineData("Url=https://hooks.example.com/in?sig=secret", "hooks.example.com")]
    [InlineData("Url=https://hooks.example.com/in?sig=secret;Name=ops", "ops")]
    [InlineData("Kind=gitHub", "api.github.com")]
    public void A_target_is_named_without_its_path_and_query(string settings, string title)
    {
        var configured = settings.Split(';').Select(setting => setting.Split('=', 2)).Select(setting => KeyValuePair.Create(setting[0], (string?)setting[1]));
        Assert.Equal(title, new ConfigurationBuilder().AddInMemoryCollection(configured).Build().Get<WebhookTarget>()!.Title);
    }
}
