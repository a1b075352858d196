using System.Data.Common;
using Azure.Identity;
using Azure.Storage.Queues;

namespace ModelPlatform.Sync.Events;

/// <summary>The queue of events, told in the form in which the container of the models is.</summary>
internal static class QueueAddress
{
    /// <summary>Null where there is nothing wrong with it.</summary>
    public static string? ProblemOf(string setting)
    {
        try
        {
            Open(setting);
            return null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException) { return $"is malformed: {malformed.Message}"; }
    }

    /// <exception cref="ArgumentException">It is malformed; or a <see cref="FormatException"/>.</exception>
    public static QueueClient Open(string setting)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = setting };
        var endpoint = Of(parts, "Endpoint");
        var name = Of(parts, "QueueName");
        var options = new QueueClientOptions();
        // The next look is the real retry.
        options.Retry.MaxRetries = 1;
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new QueueClient(new Uri($"{endpoint.TrimEnd('/')}/{name}"), new DefaultAzureCredential(), options)
            : new QueueClient(endpoint, name, options);
    }

    private static string Of(DbConnectionStringBuilder parts, string part) =>
        parts.TryGetValue(part, out var value) && value is string { Length: > 0 } text ? text : throw new ArgumentException($"{part} is missing.");
}
