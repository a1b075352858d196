using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Bench.Simulation;

/// <summary>Follows the watch and acks as a replica does. What a replica would load it only waits for.</summary>
internal sealed class SimulatedReplica(int number, SimulatedFleet fleet)
{
    private static readonly ModelSignature Signature = new([new TensorSignature("image", "FP32", 4)], [new TensorSignature("logits", "FP32", 2)]);

    private readonly ReplicaId _id = ReplicaId.Parse($"inference-api-7d9c5b8f6d-{number:00000}");   // as long as the name of a pod
    private readonly Lock _gate = new();
    private readonly Dictionary<(ModelName Model, Identity Identity), Held> _held = [];
    // One at a time and in this order, as a replica sends them.
    private readonly Channel<ReplicaAck> _acks = Channel.CreateUnbounded<ReplicaAck>();
    private long _generation;

    public async Task FollowAsync(CancellationToken ended)
    {
        using var answer = await fleet.Client.GetAsync(
            $"{SyncRoutes.Watch}?replica={_id}&run={Guid.NewGuid():n}&generation=0&pid={number + 1}&address={Uri.EscapeDataString(fleet.AddressOf(number))}",
            HttpCompletionOption.ResponseHeadersRead, ended);
        answer.EnsureSuccessStatusCode();
        await using var stream = await answer.Content.ReadAsStreamAsync(ended);
        await foreach (var item in SseParser.Create(stream, (type, data) => type == SyncRoutes.StateEvent ? fleet.Documents.Take(data) : null).EnumerateAsync(ended))
        {
            if (item.Data is { } state) Take(state);
        }
    }

    public async Task AcknowledgeAsync(CancellationToken ended)
    {
        await foreach (var ack in _acks.Reader.ReadAllAsync(ended))
        {
            using var answer = await fleet.Client.PostAsJsonAsync(SyncRoutes.AcksOf(_id.ToString()), ack, RepositoryJson.Default.ReplicaAck, ended);
            answer.EnsureSuccessStatusCode();
            fleet.Says(-1);
        }
    }

    public bool Serves(ModelName model, ModelVersion version)
    {
        lock (_gate) return _held.Any(held => held.Key.Model == model && held.Value is { IsServing: true } && held.Value.Version.Version == version);
    }

    private void Take(DesiredState state)
    {
        fleet.Generations.Receive(number, state.Generation, state.Published, DateTimeOffset.UtcNow);
        lock (_gate)
        {
            _generation = state.Generation;
            foreach (var (name, model) in state.For(_id).Models) Take(name, model.Versions);
        }
    }

    private void Take(ModelName name, IReadOnlyList<DesiredVersion> wanted)
    {
        foreach (var version in wanted)
        {
            var key = (name, version.Identity);
            if (!_held.TryGetValue(key, out var held)) _ = LoadAsync(name, _held[key] = held = new Held(version));
            else if (held.IsServing) Say(name, version, AckState.Serving);
            held.IsWanted = true;
        }
        foreach (var (key, held) in _held)
        {
            if (key.Model == name && wanted.All(version => version.Identity != key.Identity)) held.IsWanted = false;
        }
        UnloadUnwanted(name);
    }

    private async Task LoadAsync(ModelName name, Held held)
    {
        Say(name, held.Version, AckState.Loading);
        await Task.Delay(fleet.LoadTime);
        lock (_gate)
        {
            held.IsServing = true;
            Say(name, held.Version, AckState.Serving);
            UnloadUnwanted(name);
        }
    }

    /// <summary>Not before everything that is wanted serves.</summary>
    private void UnloadUnwanted(ModelName name)
    {
        var ofModel = _held.Where(held => held.Key.Model == name).ToList();
        if (ofModel.Exists(held => held.Value is { IsWanted: true, IsServing: false })) return;
        foreach (var (key, held) in ofModel.Where(held => held.Value is { IsWanted: false, IsServing: true }))
        {
            _held.Remove(key);
            Say(name, held.Version, AckState.Unloaded);
        }
    }

    private void Say(ModelName name, DesiredVersion version, AckState state)
    {
        fleet.Says(1);
        _acks.Writer.TryWrite(new ReplicaAck
        {
            Generation = _generation,
            Model = name,
            Version = version.Version,
            Identity = version.Identity,
            State = state,
            Seconds = state == AckState.Serving ? fleet.LoadTime.TotalSeconds : null,
            Signature = state == AckState.Serving ? Signature : null,
        });
    }

    private sealed class Held(DesiredVersion version)
    {
        public DesiredVersion Version => version;

        public bool IsWanted { get; set; } = true;

        public bool IsServing { get; set; }
    }
}
