using Azure.Storage.Blobs;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Bench.Simulation;

/// <summary>
/// The documents that came by the watches. One that names nobody is parsed once for all replicas: they share two cores with what is measured, where real ones have their own.
/// One that is too large for an event is read from the container once too.
/// </summary>
internal sealed class DocumentTray(BlobContainerClient blobs)
{
    private readonly Lock _gate = new();
    private readonly List<DesiredState> _all = [];
    private readonly Lock _reading = new();
    private volatile Document? _last;
    private Document? _read;

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
        var state = WatchPointer.Find(data) is null ? DesiredState.Parse(data) : Read(data);
        lock (_gate)
        {
            if (_all.Count == 0 || _all[^1].Generation < state.Generation) _all.Add(state);
        }
        // One that names a replica is that replica's alone.
        if (state.Models.Values.All(model => model.Replicas.Count == 0)) _last = new Document(data.ToArray(), state);
        return state;
    }

    private DesiredState Read(ReadOnlySpan<byte> pointer)
    {
        lock (_reading)
        {
            if (_read is { } read && pointer.SequenceEqual(read.Data)) return read.State;
            Pointers++;
            var state = DesiredState.Parse(blobs.GetBlobClient(RepositoryLayout.DesiredState).DownloadContent().Value.Content);
            _read = new Document(pointer.ToArray(), state);
            return state;
        }
    }

    private sealed record Document(byte[] Data, DesiredState State);
}
