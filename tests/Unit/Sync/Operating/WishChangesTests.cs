using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Operating;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Operating;

public sealed class WishChangesTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("unload", "unload", "")]
    [InlineData("", "unload", "Unloaded ")]
    [InlineData("unload", "", "Loaded ")]
    [InlineData("", "pin 2", "Pinned 2")]
    [InlineData("pin 1", "pin 2", "Pinned 2")]
    [InlineData("pin 2", "", "Unpinned ")]
    [InlineData("", "pause", "Paused ")]
    [InlineData("pause", "", "Resumed ")]
    [InlineData("pin 1 pause", "unload pin 1", "Unloaded , Resumed ")]
    public void Each_wish_that_was_made_or_taken_back_is_one_change(string before, string after, string changes) =>
        Assert.Equal(changes, string.Join(", ", Wishing(after).ChangesSince(Wishing(before)).Select(change => $"{change.Kind} {change.Version}")));

    [Fact]
    public void Models_that_are_not_concerned_are_not_named() =>
        Assert.Equal(Other, Assert.Single(Wishing("pause").With(Other, new ModelOverride(Unload: true)).ChangesSince(Wishing("pause"))).Model);

    private static ModelOverrides Wishing(string words) => ModelOverrides.None.With(Fashion, new ModelOverride(
        words.Contains("unload", StringComparison.Ordinal), words.Split("pin ") is [_, var pin] ? new(pin[0] - '0') : null, words.Contains("pause", StringComparison.Ordinal)));
}
