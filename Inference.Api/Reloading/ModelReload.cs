using ModelPlatform.Inference.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Reloading;

/// <summary>What the reload loop remembers of one model. Touched by that loop only.</summary>
internal sealed class ModelReload(TimeProvider time)
{
    private readonly Dictionary<VersionKey, (LoadedModel Model, DesiredVersion Version)> _loaded = [];
    private readonly List<DesiredVersion> _displaced = [];
    private readonly HashSet<Identity> _inVain = [];
    private readonly Dictionary<Identity, Rejection> _rejected = [];
    private readonly Dictionary<Identity, Failure> _failures = [];
    private readonly Dictionary<Identity, long> _proving = [];
    private long _lookedAt = time.GetTimestamp();

    /// <summary>The reason for which a content is refused; null where it is not.</summary>
    public string? RejectionOf(Identity identity) => _rejected.GetValueOrDefault(identity)?.Reason;

    public bool IsEmpty => _loaded.Count == 0;

    /// <summary>Since when a version could not be had: it failed then, or it lay there and has not come out of its load. Null where there is none.</summary>
    public long? RetryingSince => _failures.Values.Select(failure => failure.Since).Concat(_proving.Values).Select(since => (long?)since).Min();

    public ModelProgress Progress(IReadOnlyList<LoadedModel> served)
    {
        var now = _lookedAt = time.GetTimestamp();
        return new ModelProgress(
            _loaded.Keys.ToHashSet(),
            [.. served.Select(KeyOf)],
            _rejected.Keys.ToHashSet(),
            _failures.Where(failure => failure.Value.Until > now).Select(failure => failure.Key).ToHashSet())
        {
            Displaced = [.. _displaced],
            InVain = _inVain.ToHashSet(),
        };
    }

    public bool HasFailed(Identity identity) => _failures.ContainsKey(identity);

    public LoadedModel? Find(VersionKey version) => _loaded.GetValueOrDefault(version).Model;

    /// <summary>What is in memory besides these.</summary>
    public IReadOnlyList<LoadedModel> Besides(IReadOnlyCollection<VersionKey> versions) => [.. _loaded.Where(pair => !versions.Contains(pair.Key)).Select(pair => pair.Value.Model)];

    public IEnumerable<LoadedModel> Pick(IEnumerable<VersionKey> versions) => versions.Select(version => _loaded[version].Model);

    /// <summary>It lies there: whatever keeps it from now on is not the way to it.</summary>
    public void Prepared(Identity identity) => _proving.TryAdd(identity, time.GetTimestamp());

    public void Loaded(LoadedModel model, DesiredVersion version)
    {
        _loaded.Add(KeyOf(model), (model, version));
        _proving.Remove(model.Identity);
        _failures.Remove(model.Identity);
        _inVain.Remove(model.Identity);
        // One of them that came back is in no document: only here it is remembered as one that may be served.
        if (_displaced.All(other => VersionKey.Of(other) != KeyOf(model))) _displaced.Clear();
    }

    /// <summary>Remembers what is about to go for another version, and that it went for that once.</summary>
    public void Displace(IReadOnlyList<VersionKey> versions, Identity successor)
    {
        _displaced.Clear();
        _displaced.AddRange(versions.Select(version => _loaded[version].Version));
        _inVain.Add(successor);
    }

    public void Retired(LoadedModel model) => _loaded.Remove(KeyOf(model));

    public void Reject(DesiredVersion version, string reason)
    {
        _rejected[version.Identity] = new Rejection(reason, EtagsOf(version));
        _failures.Remove(version.Identity);
        _proving.Remove(version.Identity);
    }

    /// <returns>How long the version is left alone.</returns>
    public TimeSpan Retry(Identity identity, ReloadOptions options)
    {
        var before = _failures.GetValueOrDefault(identity);
        var count = (before?.Count ?? 0) + 1;
        var wait = Backoff.After(count, options.RetryFirst, options.RetryMost, Random.Shared.NextDouble());
        var now = time.GetTimestamp();
        _failures[identity] = new Failure(count, before?.Since ?? now, now + (long)(wait.TotalSeconds * time.TimestampFrequency));
        return wait;
    }

    /// <summary>
    /// Forgets everything about versions that nobody wants any more, and a rejection once a blob of the version was written again: model.json may
    /// have been right all along, and a file under it wrong.
    /// </summary>
    public void Forget(DesiredModel? wanted)
    {
        if (wanted is null) _displaced.Clear();
        IEnumerable<DesiredVersion> shadowed = wanted?.Shadowed is { } shadow ? [shadow] : [];
        var etags = (wanted?.Versions ?? []).Concat(wanted?.Fallback ?? []).Concat(shadowed).Concat(_displaced).ToLookup(version => version.Identity, EtagsOf);
        foreach (var identity in _failures.Keys.Where(identity => !etags.Contains(identity)).ToList()) _failures.Remove(identity);
        foreach (var identity in _proving.Keys.Where(identity => !etags.Contains(identity)).ToList()) _proving.Remove(identity);
        _inVain.RemoveWhere(identity => !etags.Contains(identity));
        foreach (var (identity, _) in _rejected.Where(pair => !etags[pair.Key].Contains(pair.Value.Etags)).ToList()) _rejected.Remove(identity);
    }

    /// <summary>
    /// Until the next version may be tried again; null where none waits. One that was due at the last look and was not taken up is a fallback
    /// that is not needed any more.
    /// </summary>
    public TimeSpan? NextTry()
    {
        var waiting = _failures.Values.Where(failure => failure.Until > _lookedAt).ToList();
        if (waiting.Count == 0) return null;
        var ticks = waiting.Min(failure => failure.Until) - time.GetTimestamp();
        return TimeSpan.FromSeconds(Math.Max(0, (double)ticks / time.TimestampFrequency));
    }

    private static VersionKey KeyOf(LoadedModel model) => new(model.Id.Version, model.Identity);

    private static string EtagsOf(DesiredVersion version) =>
        string.Join('\n', version.Files.OrderBy(file => file.Key).Select(file => $"{file.Key} {file.Value.Etag}"));

    private sealed record Rejection(string Reason, string Etags);

    private sealed record Failure(int Count, long Since, long Until);
}
