using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class ReloadPlanTests
{
    private static readonly DesiredVersion One = Version(1);
    private static readonly DesiredVersion Two = Version(2);
    private static readonly DesiredVersion Three = Version(3);

    // wanted | fallback | loaded | served | rejected | waiting => serve, load
    public static TheoryData<string, int[]?, int[], int[], int[], int[], int[], int[], int?> Cases => new()
    {
        { "nothing is there: load", [1], [], [], [], [], [], [], 1 },
        { "it is served: done", [1], [], [1], [1], [], [], [1], null },
        { "a new version: the old one answers while it loads", [2], [1], [1], [1], [], [], [1], 2 },
        { "it is loaded: swap", [2], [1], [1, 2], [1], [], [], [2], null },
        { "not wanted at all: unload", null, [], [1], [1], [], [], [], null },
        { "rejected: the old one, which is the fallback, stays", [2], [1], [1], [1], [2], [], [1], null },
        { "rejected: from another version to the fallback", [3], [2], [1], [1], [3], [], [1], 2 },
        { "rejected, the fallback is loaded", [3], [2], [1, 2], [1], [3], [], [2], null },
        { "rejected without a fallback: what is served stays", [2], [], [1], [1], [2], [], [1], null },
        { "rejected from the start: the fallback", [2], [1], [], [], [2], [], [], 1 },
        { "everything rejected from the start: nothing", [2], [1], [], [], [2, 1], [], [], null },
        { "waiting for a retry: the old one stays", [2], [1], [1], [1], [], [2], [1], null },
        { "waiting for a retry from the start: the fallback meanwhile", [2], [1], [], [], [], [2], [], 1 },
        { "the stopgap is loaded and served", [2], [1], [1], [], [], [2], [1], null },
        { "the retry is due while the stopgap is served", [2], [1], [1], [1], [], [], [1], 2 },
        { "two wanted: the highest first", [3, 2], [], [], [], [], [], [], 3 },
        { "two wanted, one loaded: it answers, the other loads", [3, 2], [], [3], [], [], [], [3], 2 },
        { "two wanted, both loaded", [3, 2], [], [3, 2, 1], [2, 1], [], [], [3, 2], null },
        { "two wanted, the highest rejected: the other is enough", [3, 2], [1], [2], [2], [3], [], [2], null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_next_step(string what, int[]? wanted, int[] fallback, int[] loaded, int[] served, int[] rejected, int[] waiting, int[] serve, int? load)
    {
        var model = wanted is null ? null : new DesiredModel { Versions = [.. wanted.Select(Of)], Fallback = [.. fallback.Select(Of)] };
        var step = ReloadPlan.Next(model, new ModelProgress(Keys(loaded).ToHashSet(), [.. Keys(served)], Identities(rejected).ToHashSet(), Identities(waiting).ToHashSet()));

        Assert.True(Keys(serve).SequenceEqual(step.Serve), what);
        Assert.True(load is null ? step.Load is null : step.Load == Of(load.Value), what);
        Assert.Empty(step.LetGo);
    }

    // wanted | fallback | loaded | served | rejected | waiting | displaced | in vain => serve, load, let go
    public static TheoryData<string, int[], int[], int[], int[], int[], int[], int[], int[], int[], int?, int[]> MemoryCases => new()
    {
        { "nothing is there: load, nothing has to go", [1], [], [], [], [], [], [], [], [], 1, [] },
        { "a new version: the old one answers until it is worth it, and goes first", [2], [1], [1], [1], [], [], [], [], [1], 2, [1] },
        { "the old one is gone: the new one is loaded", [2], [1], [], [], [], [], [1], [2], [], 2, [] },
        { "it is loaded: done", [2], [1], [2], [], [], [], [], [], [2], null, [] },
        { "it turned out wrong: the fallback comes back", [2], [1], [], [], [2], [], [1], [2], [], 1, [] },
        { "it turned out wrong and there is no fallback: the old one comes back", [2], [], [], [], [2], [], [1], [2], [], 1, [] },
        { "it waits for a retry: the fallback comes back", [2], [1], [], [], [], [2], [1], [2], [], 1, [] },
        { "it waits for a retry and there is no fallback: the old one comes back", [2], [], [], [], [], [2], [1], [2], [], 1, [] },
        { "the fallback is wrong too: the old one comes back", [3], [2], [], [], [3, 2], [], [1], [3], [], 1, [] },
        { "the retry is due: beside the old one, which does not go again", [2], [], [1], [1], [], [], [], [2], [1], 2, [] },
        { "another content: the old one goes for that", [3], [], [1], [1], [], [], [], [2], [1], 3, [1] },
        { "wrong before it was loaded: the old one has never gone", [2], [], [1], [1], [2], [], [], [], [1], null, [] },
        { "of two, the one that stays answers while the other is exchanged", [3, 2], [], [2, 1], [2, 1], [], [], [], [], [2], 3, [] },
        { "another one beside it: nothing has to go", [3, 2], [], [3], [3], [], [], [], [], [3], 2, [] },
        { "both are exchanged: both go", [3], [], [2, 1], [2, 1], [], [], [], [], [2, 1], 3, [2, 1] },
    };

    [Theory]
    [MemberData(nameof(MemoryCases))]
    public void The_next_step_where_memory_is_short(
        string what, int[] wanted, int[] fallback, int[] loaded, int[] served, int[] rejected, int[] waiting, int[] displaced, int[] inVain, int[] serve, int? load, int[] letGo)
    {
        var model = new DesiredModel { Versions = [.. wanted.Select(Of)], Fallback = [.. fallback.Select(Of)], Transition = Transition.Memory };
        var progress = new ModelProgress(Keys(loaded).ToHashSet(), [.. Keys(served)], Identities(rejected).ToHashSet(), Identities(waiting).ToHashSet())
        {
            Displaced = [.. displaced.Select(Of)],
            InVain = Identities(inVain).ToHashSet(),
        };

        var step = ReloadPlan.Next(model, progress);

        Assert.True(Keys(serve).SequenceEqual(step.Serve), what);
        Assert.True(load is null ? step.Load is null : step.Load == Of(load.Value), what);
        Assert.True(Keys(letGo).SequenceEqual(step.LetGo), what);
    }

    [Fact]
    public void The_same_content_under_a_new_number_is_loaded_anew()
    {
        var again = One with { Version = new ModelVersion(9) };
        var step = ReloadPlan.Next(
            new DesiredModel { Versions = [again] },
            new ModelProgress(Keys([1]).ToHashSet(), [.. Keys([1])], new HashSet<Identity>(), new HashSet<Identity>()));
        Assert.Equal(again, step.Load);
    }

    private static IEnumerable<VersionKey> Keys(int[] numbers) => numbers.Select(number => VersionKey.Of(Of(number)));

    private static DesiredVersion Of(int number) => number switch { 1 => One, 2 => Two, _ => Three };

    private static IEnumerable<Identity> Identities(int[] numbers) => numbers.Select(number => Of(number).Identity);

    private static DesiredVersion Version(int number) => new(
        new ModelVersion(number), Identity.OfManifest([(byte)number]), $"m/{number}/", new Dictionary<FilePath, DesiredFile>());
}
