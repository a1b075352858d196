using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Planning;

public sealed class SignatureTests
{
    [Fact]
    public void The_first_served_version_gives_the_signature() =>
        Assert.Equal(Pictures, Next(Model("1"), Published("1"), Known("1", Pictures))!.Signature);

    [Fact]
    public void Until_a_version_is_served_there_is_none() => Assert.Null(Next(Model("1"), null, Known(""))!.Signature);

    [Fact]
    public void A_later_version_does_not_change_it() =>
        Assert.Equal(Pictures, Next(Model("1 2"), Published("1", signature: Pictures), Known("1", Pictures))!.Signature);

    [Fact]
    public void An_ack_with_another_signature_does_not_change_it() =>
        Assert.Null(Next(Model("2"), Published("2", signature: Pictures), Known("2", Tensors)));

    [Fact]
    public void It_changes_once_a_version_that_says_so_is_served()
    {
        var changing = new ModelSnapshot(ServingPolicy.Default, [Version("1"), Version("2", signatureChange: true)]);
        Assert.Equal(Pictures, Next(changing, Published("1", signature: Pictures), Known("1", Pictures))!.Signature);

        var known = Known("1", Pictures);
        known[Good("2")] = Tensors;
        Assert.Equal(Tensors, Next(changing, Published("2", "1", Pictures), known)!.Signature);
    }

    [Fact]
    public void Going_back_to_a_good_version_brings_its_own_signature_back()
    {
        var known = Known("1", Pictures);
        known[Good("2")] = Tensors;
        Assert.Equal(Pictures, Next(Model("1"), Published("2", "1", Tensors), known)!.Signature);
    }

    [Fact]
    public void Going_back_after_a_restart_to_the_fallback_leaves_no_signature_that_could_keep_it_out()
    {
        var next = Next(Model("1"), Published("2", "1", Tensors), Known(""))!;
        Assert.Null(next.Signature);
        Assert.Equal(Pictures, Next(Model("1"), next, Known("1", Pictures))!.Signature);
    }

    [Fact]
    public void A_version_that_is_only_the_fallback_does_not_give_it() =>
        Assert.Null(Next(Model("1 2"), Published("2"), Known("1", Pictures))!.Signature);

    private static DesiredModel? Next(ModelSnapshot seen, DesiredModel? published, Dictionary<GoodVersion, ModelSignature?> known) =>
        News(Holding((Fashion, seen)), published is null ? null : State((Fashion, published)), known)?[Fashion];
}
