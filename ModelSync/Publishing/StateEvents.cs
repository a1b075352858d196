using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Publishing;

/// <summary>
/// The events that tell of one document: one for all replicas that it does not name, and one for each that it does. The document as it is stored names every replica
/// of a rollout, and sent to all of them it would be the square of their number.
/// </summary>
internal sealed class StateEvents
{
    private readonly Task<WatchEvent> _others;
    private readonly bool _isPointer;

    public StateEvents(PublishedState state)
    {
        State = state;
        var text = TextFor(null);
        // What is too large without any names is too large with one.
        _isPointer = Encoding.UTF8.GetByteCount(text) > WatchPointer.MaxDocumentBytes;
        _others = WriteAsync(_isPointer ? JsonSerializer.Serialize(new WatchPointer(state.Document.Generation, state.Etag), RepositoryJson.Lines.WatchPointer) : text);
    }

    public PublishedState State { get; }

    public Task<WatchEvent> ForAsync(ReplicaId replica) => _isPointer || !State.Document.Names(replica) ? _others : WriteAsync(TextFor(replica));

    private string TextFor(ReplicaId? replica) => JsonSerializer.Serialize(State.Document.About(replica), RepositoryJson.Lines.DesiredState);

    private Task<WatchEvent> WriteAsync(string text) =>
        WatchEvent.OfAsync(new SseItem<string>(text, SyncRoutes.StateEvent) { EventId = State.Document.Generation.ToString(provider: null) });
}
