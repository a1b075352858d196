using ModelPlatform.Inference;
using ModelPlatform.Inference.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Models;

public sealed class ModelCatalogTests : IDisposable
{
    private static readonly ModelName Name = ModelsInMemory.Name;
    private readonly ModelsInMemory _models = new();
    private readonly ModelCatalog _catalog;

    public ModelCatalogTests() => _catalog = _models.Catalog;

    public void Dispose() => _models.Dispose();

    [Fact]
    public void A_retired_version_drains_only_when_its_last_request_has_ended()
    {
        var (first, second) = (Load(1), Load(2));
        _catalog.Replace(Name, [first]);
        var lease = _catalog.Acquire("m");

        Assert.Equal([first], _catalog.Replace(Name, [second]));

        Assert.Same(first, lease.Model);
        Assert.False(first.Drained.IsCompleted);
        using (var next = _catalog.Acquire("m")) Assert.Same(second, next.Model);
        lease.Dispose();
        Assert.True(first.Drained.IsCompleted);
        Assert.False(second.Drained.IsCompleted);
    }

    [Fact]
    public void Whoever_asks_in_a_pause_is_told_to_come_again_and_why()
    {
        var (first, second) = (Load(1), Load(2));
        _catalog.Replace(Name, [first]);
        _catalog.Pause(Name, "It changes.");
        using (var lease = _catalog.Acquire("m")) Assert.Same(first, lease.Model);

        _catalog.Replace(Name, []);

        foreach (var version in new[] { null, "1", "2" })
        {
            var told = Assert.Throws<InferenceFault>(() => _catalog.Acquire("m", version));
            Assert.Equal((FaultKind.NotReady, "It changes."), (told.Kind, told.Message));
        }
        Assert.Empty(_catalog.Names);

        _catalog.Replace(Name, [second]);
        using (var lease = _catalog.Acquire("m")) Assert.Same(second, lease.Model);
        _catalog.Replace(Name, []);
        Assert.Equal(FaultKind.UnknownModel, Assert.Throws<InferenceFault>(() => _catalog.Acquire("m")).Kind);
    }

    [Fact]
    public void A_pause_that_ends_without_a_version_leaves_an_unknown_model()
    {
        _catalog.Pause(Name, "It changes.");
        _catalog.EndPause(Name);
        Assert.Equal(FaultKind.UnknownModel, Assert.Throws<InferenceFault>(() => _catalog.Acquire("m")).Kind);
    }

    [Fact]
    public void A_version_that_was_left_by_all_cannot_be_revived()
    {
        var model = Load(1);
        _catalog.Replace(Name, [model]);
        _catalog.Replace(Name, []);
        Assert.False(model.TryHold());
    }

    [Fact]
    public async Task Requests_that_race_with_swaps_always_get_a_version_that_is_alive()
    {
        var versions = Enumerable.Range(1, 50).Select(Load).ToList();
        _catalog.Replace(Name, [versions[0]]);
        var swapped = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (Volatile.Read(ref swapped) == 0)
            {
                using var lease = _catalog.Acquire("m");
                Assert.False(lease.Model.Drained.IsCompleted);
            }
        }, TestContext.Current.CancellationToken)).ToArray();

        foreach (var version in versions.Skip(1)) _catalog.Replace(Name, [version]);
        Volatile.Write(ref swapped, 1);

        await Task.WhenAll(readers);
        Assert.All(versions.SkipLast(1), version => Assert.True(version.Drained.IsCompleted));
    }

    [Theory]
    [InlineData("other", null, "'other'")]
    [InlineData("../m", null, "'../m'")]
    [InlineData("m", "9", "Version 9")]
    [InlineData("m", "01", "'01'")]
    [InlineData("m", "1e3", "'1e3'")]
    [InlineData("m", "9223372036854775808", "'9223372036854775808'")]
    public void What_is_not_served_is_named(string model, string? version, string named)
    {
        _catalog.Replace(Name, [Load(1)]);
        var fault = Assert.Throws<InferenceFault>(() => _catalog.Acquire(model, version));
        Assert.Equal(FaultKind.UnknownModel, fault.Kind);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    private LoadedModel Load(int version) => _models.Load(version, OnnxModels.Times(version));
}
