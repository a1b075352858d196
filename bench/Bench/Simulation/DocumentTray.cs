using Azure.Storage.Blobs;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Bench.Simulation;

/// <summary>
/// The documents that came by the watches, each parsed once for all replicas: they share two cores with what is measured, where real ones have their own.
/// One that is too large for an event is read from the container once too.
/// </summary>
internal sealed class DocumentTray(BlobContainerClient blobs)
{
    private readonly Lock _gate = new();
    private readonly List<DesiredState> _all = [];
    private volatile Document? _last;

    /// <summary>In the order in which they were published.</summary>
    public IReadOnlyList<DesiredState> All
    {
        get { lock (_gate) return [.. _all]; }
    }

    /// <summary>How many did not fit into an event.</summary>
    public int Pointers { get; private set; }

    public DesiredState Take(ReadOnlySpan<byte> data)
    {
        if (_last is { } last && data.SequenceEqual(last.Data)) return last.State;
        lock (_gate)
        {
            if (_last is { } meanwhile && data.SequenceEqual(meanwhile.Data)) return meanwhile.State;
            var state = WatchPointer.Find(data) is null ? DesiredState.Parse(data) : Read();
            if (_all.Count == 0 || _all[^1].Generation < state.Generation) _all.Add(state);
            _last = new Document(data.ToArray(), state);
            return state;
        }
    }

    private DesiredState Read()
    {
        Pointers++;
        return DesiredState.Parse(blobs.GetBlobClient(RepositoryLayout.DesiredState).DownloadContent().Value.Content);
    }

    private sealed record Document(byte[] Data, DesiredState State);
}
