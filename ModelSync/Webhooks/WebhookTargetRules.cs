using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Webhooks;

/// <summary>What holds between the settings of a target. No message says a secret.</summary>
internal sealed class WebhookTargetRules : IValidateOptions<WebhookOptions>
{
    private const int ShortestSecret = 16;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var problems = options.Targets.SelectMany((target, i) => ProblemsOf(target).Select(problem => $"Webhooks:Targets:{i}:{problem}")).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> ProblemsOf(WebhookTarget target)
    {
        if (!Uri.TryCreate(target.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            yield return "Url must be an http or https address without a user's name.";
        else if (target.Token is not null && address.Scheme != "https" && !address.IsLoopback)
            yield return "Url must be an https address, since a token is sent there.";

        if (target.Token?.Any(character => character is < '!' or > '~') == true) yield return "Token has characters that a header cannot carry.";
        if (target.Secret is not null && target.Kind != WebhookKind.CloudEvents) yield return "Secret is for the kind CloudEvents only; the others need a Token.";
        if (target.Secret is { } secret && (!WebhookSignature.IsValid(secret) || WebhookSignature.KeyOf(secret).Length < ShortestSecret))
            yield return $"Secret must have at least {ShortestSecret} bytes, and be Base64 after 'whsec_'.";
        // JSON may say null where only texts are.
        foreach (var (name, text) in target.WantedInputs)
        {
            if (text is null) yield return $"Inputs:{name} is null: give it a text, or leave it out.";
        }
        foreach (var lack in LacksOf(target)) yield return lack;
    }

    private static IEnumerable<string> LacksOf(WebhookTarget target)
    {
        switch (target.Kind)
        {
            case WebhookKind.AzureDevOps:
                if (string.IsNullOrEmpty(target.Project)) yield return "Project is missing.";
                if (target.Pipeline is not > 0) yield return "Pipeline is missing: the number in the pipeline's address.";
                if (string.IsNullOrEmpty(target.Token)) yield return "Token is missing.";
                break;
            case WebhookKind.GitHub:
                if (target.Repository?.Split('/') is not [{ Length: > 0 }, { Length: > 0 }]) yield return "Repository must be owner/name.";
                if (target.Workflow is not null && string.IsNullOrEmpty(target.Ref)) yield return "Ref is missing: the branch whose workflow is run.";
                if (string.IsNullOrEmpty(target.Token)) yield return "Token is missing.";
                break;
        }
    }
}
