using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Sync.Telling;

/// <summary>The newest entries in memory, so that a question costs nothing: those in the container, then those on their way there, then those that wait.</summary>
internal sealed class History(IOptions<HistoryOptions> options, TimeProvider time)
{
    /// <summary>The most that is kept and told.</summary>
    public const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<HistoryEntry> _waiting = new();
    private List<HistoryEntry> _taken = [];
    private ImmutableList<HistoryEntry> _stored = [];

    /// <summary>Raised by each new entry, for the one that writes.</summary>
    public Signal News { get; } = new(time);

    public int Pending
    {
        get { lock (_gate) return _taken.Count + _waiting.Count; }
    }

    /// <returns>False: too many wait, and the oldest of them is given up.</returns>
    public bool Add(HistoryEntry entry)
    {
        lock (_gate)
        {
            _waiting.Enqueue(entry);
            News.Raise();
            return _waiting.Count <= options.Value.MaxPending || !_waiting.TryDequeue(out _);
        }
    }

    /// <summary>The lines of the oldest that wait, at most so many bytes but one line in any case; the same ones until they are written.</summary>
    public byte[] Take(int maxBytes)
    {
        lock (_gate)
        {
            var lines = _taken.SelectMany(entry => entry.ToLine()).ToList();
            if (lines.Count > 0) return [.. lines];
            while (_waiting.TryPeek(out var next) && next.ToLine() is var line && (lines.Count == 0 || lines.Count + line.Length <= maxBytes))
            {
                lines.AddRange(line);
                _taken.Add(_waiting.Dequeue());
            }
            return [.. lines];
        }
    }

    /// <summary>What was taken is in the container.</summary>
    public void Written()
    {
        lock (_gate)
        {
            Keep(_stored.AddRange(_taken));
            _taken = [];
        }
    }

    /// <param name="isAll">Whether they take the place of all that were stored.</param>
    /// <param name="holdsTaken">Whether what was taken is among them.</param>
    public void Read(IEnumerable<HistoryEntry> entries, bool isAll, bool holdsTaken)
    {
        lock (_gate)
        {
            Keep(isAll ? [.. entries] : _stored.AddRange(entries));
            if (holdsTaken) _taken = [];
        }
    }

    public IReadOnlyList<HistoryEntry> Newest(ModelName? model, int limit)
    {
        lock (_gate) return [.. _stored.Concat(_taken).Concat(_waiting).Reverse().Where(entry => model is null || entry.Model == model).Take(limit)];
    }

    private void Keep(ImmutableList<HistoryEntry> entries) => _stored = entries.RemoveRange(0, Math.Max(entries.Count - Kept, 0));
}
