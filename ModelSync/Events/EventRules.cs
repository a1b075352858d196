using Microsoft.Extensions.Options;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Events;

/// <summary>What is wrong with the settings of events and no range can say.</summary>
internal sealed class EventRules(IHostEnvironment environment) : IValidateOptions<EventOptions>
{
    public ValidateOptionsResult Validate(string? name, EventOptions options) => options switch
    {
        { Key: PlatformKeyOptions.DevelopmentKey } when !environment.IsDevelopment() =>
            ValidateOptionsResult.Fail($"Events:Key is '{PlatformKeyOptions.DevelopmentKey}', which is public: outside Development a secret one is needed."),
        { Key: var key } when !environment.IsDevelopment() && !key.All(IsPlainInQuery) =>
            ValidateOptionsResult.Fail("Events:Key has characters that a query cannot carry as they are: use letters, digits and '-._~'."),
        { Audience: "", Tenant: not "" } or { Audience: not "", Tenant: "" } =>
            ValidateOptionsResult.Fail("Events:Tenant and Events:Audience belong together: give both or none."),
        { Tenant: not "", Tenant: var tenant } when !Guid.TryParse(tenant, out _) => ValidateOptionsResult.Fail("Events:Tenant is the id of a tenant, not its name."),
        { Caller: var caller } when !Guid.TryParse(caller, out _) => ValidateOptionsResult.Fail("Events:Caller is the id of an application, not its name."),
        { Queue: not "", Queue: var queue } when QueueAddress.ProblemOf(queue) is { } problem => ValidateOptionsResult.Fail($"Events:Queue {problem}"),
        _ => ValidateOptionsResult.Success,
    };

    // '+' is a blank there.
    private static bool IsPlainInQuery(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';
}
