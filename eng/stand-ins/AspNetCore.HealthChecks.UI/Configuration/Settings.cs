namespace HealthChecks.UI.Configuration;

/// <summary>Configuration section <c>HealthChecksUI</c>, which binds the internal properties too.</summary>
public class Settings
{
    internal List<HealthCheckSetting> HealthChecks { get; set; } = [];
    internal int EvaluationTimeInSeconds { get; set; } = 10;
    internal string HeaderText { get; private set; } = "Health Checks Status";
    internal int MaximumExecutionHistoriesPerEndpoint { get; private set; } = 100;
    internal Action<IServiceProvider, HttpClient>? ApiEndpointHttpClientConfig { get; private set; }
    internal HashSet<Type> ApiEndpointDelegatingHandlerTypes { get; } = [];

    public Settings SetHeaderText(string text)
    {
        if (!string.IsNullOrEmpty(text)) HeaderText = text;
        return this;
    }

    /// <summary>The handler has to be registered as a service.</summary>
    public Settings UseApiEndpointDelegatingHandler<T>() where T : DelegatingHandler
    {
        ApiEndpointDelegatingHandlerTypes.Add(typeof(T));
        return this;
    }

    public Settings ConfigureApiEndpointHttpclient(Action<IServiceProvider, HttpClient> apiEndpointHttpClientconfig)
    {
        ApiEndpointHttpClientConfig = apiEndpointHttpClientconfig;
        return this;
    }
}

public class HealthCheckSetting
{
    public string Name { get; set; } = null!;
    public string Uri { get; set; } = null!;
}
