using ModelPlatform.Repository.State;
using ModelPlatform.Sync.Replicas;
using ModelPlatform.Tests.Unit.Sync.Planning;
using static ModelPlatform.Tests.Unit.Sync.Replicas.Acks;

namespace ModelPlatform.Tests.Unit.Sync.Replicas;

public sealed class KnownGoodTests
{
    private readonly KnownGood _known = new();

    [Theory]
    [InlineData(AckState.Loading)]
    [InlineData(AckState.Rejected)]
    [InlineData(AckState.Retrying)]
    [InlineData(AckState.Unloaded)]
    public void Only_serving_proves_a_version(AckState state)
    {
        Assert.False(_known.Learn(Of("1", state), null));
        Assert.Empty(_known.All);
    }

    // published, its fallback, what a rollout brings in ("none": the model is not published) → whether 2 is learned
    [Theory]
    [InlineData("2", "1", "", true)]
    [InlineData("3", "2", "", true)]
    [InlineData("1", "", "2", false)]       // it is to be seen how it does
    [InlineData("1", "", "", false)]        // a late word of a rollout that was abandoned
    [InlineData("2 1", "", "3", true)]
    [InlineData("", "", "", true)]          // unloaded
    [InlineData("none", "", "", true)]
    public void What_a_rollout_brings_in_is_not_good_before_its_end(string published, string fallback, string candidate, bool isLearned)
    {
        var model = Offers.Published(published == "none" ? "" : published, fallback) with { Candidate = candidate.Length == 0 ? null : new Candidate(Offers.Published(candidate).Versions, 8) };
        var state = published == "none" ? Offers.State((Offers.Other, model)) : Offers.State((Offers.Fashion, model));
        Assert.Equal(isLearned, _known.Learn(Of("2", AckState.Serving), state));
        Assert.Equal(isLearned, _known.All.ContainsKey(Offers.Good("2")));
    }

    [Fact]
    public void Serving_is_learned_once_and_outlives_the_unload()
    {
        Assert.True(_known.Learn(Of("1", AckState.Serving), null));
        Assert.False(_known.Learn(Of("1", AckState.Serving), null));
        _known.Learn(Of("1", AckState.Unloaded), null);
        Assert.True(_known.All.ContainsKey(Offers.Good("1")));
    }

    [Fact]
    public void A_signature_that_comes_later_is_news_and_the_first_one_stays()
    {
        _known.Learn(Of("1", AckState.Serving), null);
        Assert.True(_known.Learn(Of("1", AckState.Serving, signature: Offers.Pictures), null));
        Assert.False(_known.Learn(Of("1", AckState.Serving, signature: Offers.Tensors), null));
        Assert.Equal(Offers.Pictures, _known.All[Offers.Good("1")]);
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        for (var i = 1; i <= 10_010; i++) _known.Learn(Of($"{i}", AckState.Serving), null);
        Assert.Equal(10_000, _known.All.Count);
        Assert.False(_known.All.ContainsKey(Offers.Good("1")));
        Assert.True(_known.All.ContainsKey(Offers.Good("10010")));
    }
}
