using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Sync.Events;

internal sealed class EventOptions
{
    public const string Section = "Events";

    /// <summary>
    /// The secret that callers of <c>POST /events/blob</c> send, as <c>Authorization: Bearer</c> or in the query as <c>key</c>. Without it, and without
    /// <c>Events:Audience</c>, the route is off; in Development it is the platform key.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>The id of the Entra tenant of whose tokens Event Grid may show one in the place of the key.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The application that such a token is for: its id, or the URI by which the Event Grid subscription names it.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The id of the application that such a token was given to: Event Grid's own, which is the same in every tenant.</summary>
    public string Caller { get; set; } = "4962773b-9cdb-44cf-a8bf-237846a00ab7";

    /// <summary>Events make ModelSync list the container at most once in this time: the first at once, all that follow it together at the end.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Debounce { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// A storage queue into which Event Grid puts events: <c>Endpoint=https://ACCOUNT.queue.core.windows.net;QueueName=NAME</c>, signed in by identity, or
    /// with a connection string in quotes as <c>Endpoint</c>.
    /// </summary>
    public string Queue { get; set; } = "";

    /// <summary>The wait after the queue was found empty; it doubles each time. Each look is billed as a queue operation.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan QueueFirst { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between two looks at the queue.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan QueueMost { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class EventOptionsValidator : IValidateOptions<EventOptions>;
