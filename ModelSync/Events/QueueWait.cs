namespace ModelPlatform.Sync.Events;

/// <summary>How long an empty queue is left alone: each look costs, and events come in bursts.</summary>
internal static class QueueWait
{
    public static TimeSpan After(TimeSpan last, EventOptions options)
    {
        var next = last == TimeSpan.Zero ? options.QueueFirst : last * 2;
        return next < options.QueueMost ? next : options.QueueMost;
    }
}
