using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Tests.Unit.Sync.Planning;

namespace ModelPlatform.Tests.Unit.Sync.Replicas;

internal static class Acks
{
    public static ReplicaAck Of(string version, AckState state, long generation = 1, ModelSignature? signature = null) => new()
    {
        Generation = generation,
        Model = Offers.Fashion,
        Version = Offers.Desired(version).Version,
        Identity = Offers.Desired(version).Identity,
        State = state,
        Signature = signature,
    };

    public static ReplicaId Replica(string id) => ReplicaId.TryParse(id, out var replica) ? replica : throw new ArgumentException(id);

    public static WatchCall Watch(string id, int pid = 1) => new(Replica(id), "http://127.0.0.1:5080", null, pid);

    public static ReplicaRegistry Registry(TimeProvider time, int maxReplicas = 1000) => new(Options.Create(new ReplicaOptions { MaxReplicas = maxReplicas }), time);
}
