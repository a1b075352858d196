namespace ModelPlatform.Sync.Publishing;

/// <summary>The newest published document and the news of the next one. Whoever is slow sees only the newest.</summary>
internal sealed class StateFeed
{
    private volatile Moment _now = new(null);

    public PublishedState? Current => _now.State;

    public void Publish(PublishedState state) => Turn(new Moment(state));

    public void Forget() => Turn(new Moment(null));

    /// <summary>The current document and a task that ends when there is another one.</summary>
    public (PublishedState? Current, Task Changed) Look()
    {
        var now = _now;
        return (now.State, now.Passed.Task);
    }

    private void Turn(Moment next)
    {
        var before = _now;
        _now = next;
        before.Passed.SetResult();
    }

    private sealed record Moment(PublishedState? State)
    {
        // Asynchronous continuations: a thousand watchers must not run on the publisher's thread.
        public TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
