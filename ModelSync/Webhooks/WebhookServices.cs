using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Webhooks;

internal static class WebhookServices
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<WebhookOptions, WebhookOptionsValidator>().BindConfiguration(WebhookOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookTargetRules>();
        builder.Services.AddSingleton<WebhookQueues>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService<WebhookDelivery>();
    }
}
