using HealthChecks.UI.Core;

namespace Microsoft.Extensions.DependencyInjection;

public static class HealthChecksUIBuilderExtensions
{
    public static HealthChecksUIBuilder AddInMemoryStorage(this HealthChecksUIBuilder builder)
    {
        builder.Services.AddSingleton<ExecutionHistory>();
        return builder;
    }
}
