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
        Assert.False(_known.Learn(Of("1", state)));
        Assert.Empty(_known.All);
    }

    [Fact]
    public void Serving_is_learned_once_and_outlives_the_unload()
    {
        Assert.True(_known.Learn(Of("1", AckState.Serving)));
        Assert.False(_known.Learn(Of("1", AckState.Serving)));
        _known.Learn(Of("1", AckState.Unloaded));
        Assert.True(_known.All.ContainsKey(Offers.Good("1")));
    }

    [Fact]
    public void A_signature_that_comes_later_is_news_and_the_first_one_stays()
    {
        _known.Learn(Of("1", AckState.Serving));
        Assert.True(_known.Learn(Of("1", AckState.Serving, signature: Offers.Pictures)));
        Assert.False(_known.Learn(Of("1", AckState.Serving, signature: Offers.Tensors)));
        Assert.Equal(Offers.Pictures, _known.All[Offers.Good("1")]);
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        for (var i = 1; i <= 10_010; i++) _known.Learn(Of($"{i}", AckState.Serving));
        Assert.Equal(10_000, _known.All.Count);
        Assert.False(_known.All.ContainsKey(Offers.Good("1")));
        Assert.True(_known.All.ContainsKey(Offers.Good("10010")));
    }
}
