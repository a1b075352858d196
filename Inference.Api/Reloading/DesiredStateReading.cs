using System.Diagnostics;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Inference.Reloading;

/// <summary>What a replica reads out of the desired state, and how it answers for it.</summary>
internal static class DesiredStateReading
{
    /// <summary>Every content that may be served, wanted or fallback; empty where the model is not wanted.</summary>
    public static HashSet<Identity> Identities(this DesiredModel? wanted) =>
        wanted is null ? [] : [.. wanted.Versions.Concat(wanted.Fallback).Select(version => version.Identity)];

    /// <summary>Every content that is to be in memory, or may.</summary>
    public static HashSet<Identity> Held(this DesiredModel? wanted)
    {
        var held = wanted.Identities();
        if (wanted?.Shadowed is { } shadowed) held.Add(shadowed.Identity);
        return held;
    }

    public static HashSet<Identity> IdentitiesOf(this DesiredState state, ModelName name) => state.Models.GetValueOrDefault(name).Held();

    /// <summary>Whether the very version is to be in memory, or may: its content under another number is another one.</summary>
    public static bool Wants(this DesiredState state, ReplicaAck ack) => state.Models.GetValueOrDefault(ack.Model) is { } wanted
        && (wanted.Versions.Concat(wanted.Fallback).Any(version => IsOf(ack, version)) || wanted.Shadowed is { } shadowed && IsOf(ack, shadowed));

    private static bool IsOf(ReplicaAck ack, DesiredVersion version) => version.Version == ack.Version && version.Identity == ack.Identity;

    public static ReplicaAck Ack(this DesiredState state, ModelId id, Identity identity, AckState outcome) =>
        new() { Generation = state.Generation, Model = id.Name, Version = id.Version, Identity = identity, State = outcome };

    public static ActivityContext TraceContext(this DesiredState state) =>
        ActivityContext.TryParse(state.Traceparent, null, isRemote: true, out var parent) ? parent : default;
}
