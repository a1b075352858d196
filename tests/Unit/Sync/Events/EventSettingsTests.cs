using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using ModelPlatform.Sync.Events;

namespace ModelPlatform.Tests.Unit.Sync.Events;

public sealed class EventSettingsTests
{
    private const string Tenant = "7d1f5a52-9ad1-4a9d-9d0e-000000000001";

    [Theory]
    [InlineData("", "", "", "", null)]
    [InlineData("a-secret.of_ours~1", Tenant, "api://models", "Endpoint=https://account.queue.core.windows.net;QueueName=events", null)]
    [InlineData("", "", "", "Endpoint=\"UseDevelopmentStorage=true\";QueueName=events", null)]
    [InlineData("development-only", "", "", "", "is public")]
    [InlineData("a+b", "", "", "", "a query cannot carry")]
    [InlineData("", Tenant, "", "", "belong together")]
    [InlineData("", "", "api://models", "", "belong together")]
    [InlineData("", "contoso.com", "api://models", "", "not its name")]
    [InlineData("", "", "", "events", "Events:Queue is malformed")]
    [InlineData("", "", "", "Endpoint=https://account.queue.core.windows.net", "QueueName is missing")]
    [InlineData("", "", "", "QueueName=events", "Endpoint is missing")]
    [InlineData("", "", "", "Endpoint=nonsense;QueueName=events", "Events:Queue is malformed")]
    public void A_mistake_is_told_at_the_start(string key, string tenant, string audience, string queue, string? problem)
    {
        var outcome = new EventRules(new Production()).Validate(null, new EventOptions { Key = key, Tenant = tenant, Audience = audience, Queue = queue });
        if (problem is null) Assert.True(outcome.Succeeded, outcome.FailureMessage);
        else Assert.Contains(problem, outcome.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_queue_is_asked_less_and_less_often()
    {
        var options = new EventOptions { QueueFirst = TimeSpan.FromSeconds(1), QueueMost = TimeSpan.FromSeconds(5) };
        var waits = new List<TimeSpan> { TimeSpan.Zero };
        for (var i = 0; i < 5; i++) waits.Add(QueueWait.After(waits[^1], options));
        Assert.Equal([0, 1, 2, 4, 5, 5], waits.Select(wait => wait.TotalSeconds));
    }

    private sealed class Production : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
