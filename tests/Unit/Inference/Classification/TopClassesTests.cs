using ModelPlatform.Inference;
using ModelPlatform.Inference.Classification;

namespace ModelPlatform.Tests.Unit.Inference.Classification;

public sealed class TopClassesTests
{
    [Fact]
    public void The_best_come_first_with_their_labels()
    {
        var best = TopClasses.Of([0.1f, 0.7f, 0.2f], softmax: false, count: 2, ["a", "b", "c"]);
        Assert.Equal([new Prediction("b", 1, 0.7f), new Prediction("c", 2, 0.2f)], best);
    }

    [Fact]
    public void Equals_keep_the_order_of_their_classes() =>
        Assert.Equal([1, 3, 0, 2], TopClasses.Of([0, 1, 0, 1], softmax: false, count: 9, null).Select(prediction => prediction.Index));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Scores_that_are_no_numbers_are_a_fault_of_the_model(float score)
    {
        foreach (var softmax in new[] { true, false })
            Assert.Equal(FaultKind.NoNumber, Assert.Throws<InferenceFault>(() => TopClasses.Of([1, score], softmax, count: 2, null)).Kind);
    }

    [Fact]
    public void A_softmax_sums_to_one_however_large_the_scores()
    {
        var all = TopClasses.Of([1000, 1001, -1000], softmax: true, count: 3, null);
        Assert.Equal(1, all.Sum(prediction => prediction.Probability), 5);
        Assert.Equal(0.7310586f, all[0].Probability, 5);
        Assert.Equal("1", all[0].Label);
    }
}
