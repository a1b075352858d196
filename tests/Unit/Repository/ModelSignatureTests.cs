using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ModelSignatureTests
{
    private static readonly TensorSignature Image = new("image", "FP32", 4);
    private static readonly TensorSignature Mask = new("mask", "BOOL", 2);
    private static readonly TensorSignature Scores = new("scores", "FP32", 2);
    private static readonly ModelSignature Wanted = new([Image, Mask], [Scores]);

    [Fact]
    public void The_same_names_types_and_ranks_do_not_differ_whatever_their_order()
    {
        Assert.Null(new ModelSignature([Image, Mask], [Scores]).DifferenceTo(Wanted));
        Assert.Null(new ModelSignature([Mask, Image], [Scores]).DifferenceTo(Wanted));
        Assert.Null(new ModelSignature([], []).DifferenceTo(new ModelSignature([], [])));
    }

    [Fact]
    public void The_first_difference_is_put_in_words()
    {
        Assert.Equal("input 'image' is missing", new ModelSignature([Mask], [Scores]).DifferenceTo(Wanted));
        Assert.Equal("input 'extra' is new", new ModelSignature([Image, Mask, new("extra", "FP32", 1)], [Scores]).DifferenceTo(Wanted));
        Assert.Equal("input 'image' is UINT8 of rank 4 instead of FP32 of rank 4", new ModelSignature([Image with { Datatype = "UINT8" }, Mask], [Scores]).DifferenceTo(Wanted));
        Assert.Equal("input 'image' is FP32 of rank 3 instead of FP32 of rank 4", new ModelSignature([Image with { Rank = 3 }, Mask], [Scores]).DifferenceTo(Wanted));
        Assert.Equal("output 'scores' is missing", new ModelSignature([Image, Mask], [Scores with { Name = "Scores" }]).DifferenceTo(Wanted));
        Assert.Equal("output 'more' is new", new ModelSignature([Image, Mask], [Scores, new("more", "FP32", 1)]).DifferenceTo(Wanted));
    }

    [Fact]
    public void Inputs_are_told_before_outputs() => Assert.Equal("input 'image' is missing", new ModelSignature([], []).DifferenceTo(Wanted));
}
