using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class VersionCacheTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cache-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Above_the_limit_what_was_unused_for_longest_goes_but_nothing_that_is_wanted()
    {
        var cache = Cache(maxBytes: 25);
        var (oldest, older, newest) = (Fill(cache, 1, hoursAgo: 3), Fill(cache, 2, hoursAgo: 2), Fill(cache, 3, hoursAgo: 1));

        cache.Trim(new HashSet<Identity> { oldest });

        Assert.Equal((true, false, true), (cache.Has(oldest), cache.Has(older), cache.Has(newest)));
    }

    [Fact]
    public void What_lies_beside_a_version_counts_and_goes_with_it()
    {
        var cache = Cache(maxBytes: 25);
        var (older, newer) = (Fill(cache, 1, hoursAgo: 2), Fill(cache, 2, hoursAgo: 1));
        cache.Trim(new HashSet<Identity>());
        Assert.Equal((true, true), (cache.Has(older), cache.Has(newer)));

        File.WriteAllBytes(Path.Combine(cache.FolderOf(newer), "~optimized-0-0.onnx"), new byte[10]);
        Directory.SetLastWriteTimeUtc(cache.FolderOf(newer), DateTime.UtcNow.AddHours(-1));
        cache.Trim(new HashSet<Identity> { newer });
        Assert.Equal((false, true), (cache.Has(older), cache.Has(newer)));

        cache.Trim(new HashSet<Identity>());
        Assert.True(cache.Has(newer));
        File.WriteAllBytes(Path.Combine(cache.FolderOf(newer), "~optimized-1-1.onnx"), new byte[10]);
        cache.Trim(new HashSet<Identity>());
        Assert.False(cache.Has(newer));
    }

    [Fact]
    public void What_a_killed_process_left_half_downloaded_goes_also_below_the_limit()
    {
        var (cache, other) = (Cache(maxBytes: 1000), Cache(maxBytes: 1000));
        var (own, others) = (Begin(cache, hoursAgo: 1), Begin(other, hoursAgo: 1));
        string abandoned;
        using (var killed = Cache(maxBytes: 1000)) abandoned = Begin(killed, hoursAgo: 1);

        cache.Trim(new HashSet<Identity>());

        Assert.Equal((true, true, false), (Directory.Exists(own), Directory.Exists(others), Directory.Exists(abandoned)));
    }

    [Fact]
    public void For_what_a_killed_process_left_no_version_goes()
    {
        var cache = Cache(maxBytes: 25);
        var (older, newer) = (Fill(cache, 1, hoursAgo: 2), Fill(cache, 2, hoursAgo: 1));
        using (var killed = Cache(maxBytes: 25)) Begin(killed, hoursAgo: 0);
        cache.Trim(new HashSet<Identity>());
        Assert.Equal((true, true), (cache.Has(older), cache.Has(newer)));

        using var other = Cache(maxBytes: 25);
        Begin(other, hoursAgo: 0);
        cache.Trim(new HashSet<Identity>());
        Assert.Equal((false, true), (cache.Has(older), cache.Has(newer)));
    }

    [Fact]
    public void A_cache_that_is_not_there_needs_no_trimming()
    {
        var cache = new VersionCache(Options.Create(new CacheOptions { Directory = Path.Combine(_root, "none") }));
        cache.Trim(new HashSet<Identity> { Id(1) });
    }

    [Fact]
    public async Task Other_replicas_may_change_it_at_the_same_time()
    {
        var cache = Cache(maxBytes: 1);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var other = Task.Run(() =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++) Fill(cache, i, hoursAgo: 1);
        }, TestContext.Current.CancellationToken);

        while (!other.IsCompleted) cache.Trim(new HashSet<Identity> { Id(7) });
        await other;
    }

    private VersionCache Cache(long maxBytes) => new(Options.Create(new CacheOptions { Directory = _root, MaxBytes = maxBytes }));

    private static Identity Id(int number) => Identity.OfManifest(BitConverter.GetBytes(number));

    private static string Begin(VersionCache cache, int hoursAgo)
    {
        var folder = cache.Begin(Id(9));
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), new byte[10]);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "model.onnx"), DateTime.UtcNow.AddHours(-hoursAgo));
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddHours(-hoursAgo));
        return folder;
    }

    private static Identity Fill(VersionCache cache, int number, int hoursAgo)
    {
        var folder = cache.Begin(Id(number));
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), new byte[10]);
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddHours(-hoursAgo));
        cache.Commit(folder, Id(number));
        return Id(number);
    }
}
