using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

/// <summary>Memory that a call was given for its inputs goes back once, and never while a run may read it.</summary>
public sealed class RentedInputTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inputs_go_back_after_their_run()
    {
        await using var runs = new ObservedRuns(maxRows: 2);
        var (blocking, one, two) = (Rented(1), Rented(2), Rented(3));
        var first = runs.Runners.RunAsync([blocking], Cancelled);
        var run = runs.Next();
        var later = new[] { runs.Runners.RunAsync([one], Cancelled), runs.Runners.RunAsync([two], Cancelled) };
        Assert.False(IsReturned(blocking));
        run.GoOn();
        Assert.Equal([1], Calls.Numbers(await first));

        var together = runs.Next();
        Assert.True(IsReturned(blocking));
        Assert.False(IsReturned(one));
        together.GoOn();
        Assert.Equal([[2], [3]], (await Task.WhenAll(later)).Select(Calls.Numbers));
        await runs.Runners.DisposeAsync();
        Assert.True(IsReturned(one) && IsReturned(two));
    }

    [Fact]
    public async Task A_caller_who_leaves_a_run_behind_leaves_its_inputs_there()
    {
        await using var runs = new ObservedRuns();
        using var leaving = new CancellationTokenSource();
        var input = Rented(7);
        var call = runs.Runners.RunAsync([input], leaving.Token);
        var run = runs.Next();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.False(IsReturned(input));
        run.GoOn();
        await runs.Runners.DisposeAsync();
        Assert.True(IsReturned(input));
    }

    [Fact]
    public async Task A_caller_who_leaves_the_queue_takes_his_inputs_with_him()
    {
        await using var runs = new ObservedRuns();
        using var leaving = new CancellationTokenSource();
        var first = runs.Runners.RunAsync(Calls.Of(1), Cancelled);
        var run = runs.Next();
        var input = Rented(7);
        var call = runs.Runners.RunAsync([input], leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(IsReturned(input));
        run.GoOn();
        await first;
    }

    [Fact]
    public void A_tensor_goes_back_once()
    {
        var tensor = Rented(7);
        tensor.Return();
        Tensor[] others = [Rented(1), Rented(2)];
        tensor.Return();
        Assert.True(IsReturned(tensor));
        Assert.Equal([1, 2], others.SelectMany(other => Calls.Numbers([other])));
        Assert.DoesNotContain(others, IsReturned);
    }

    private static Tensor Rented(long number)
    {
        var tensor = Tensor.Rent("x", Datatype.Int64, [1, 1]);
        tensor.Elements<long>().Fill(number);
        return tensor;
    }

    private static bool IsReturned(Tensor tensor) => tensor.Data.IsEmpty;
}
