using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Protocol;

internal sealed record RepositoryEntry(string Name, string Version, string State, string? Reason);

/// <summary>The protocol's view of the model repository (Triton's extension_model_repository.md): what this replica last said of each version.</summary>
internal static class RepositoryIndex
{
    private const string Ready = "READY";

    public static RepositoryEntry[] Of(AckOutbox acks, bool onlyReady) =>
        [.. acks.Said().OrderBy(ack => ack.Model).ThenBy(ack => ack.Version).Select(EntryOf).Where(entry => !onlyReady || entry.State == Ready)];

    private static RepositoryEntry EntryOf(ReplicaAck ack) => new(ack.Model.ToString(), ack.Version.ToString(), StateOf(ack.State), ack.Reason);

    private static string StateOf(AckState state) => state switch
    {
        AckState.Serving => Ready,
        AckState.Loading => "LOADING",
        _ => "UNAVAILABLE",
    };
}
