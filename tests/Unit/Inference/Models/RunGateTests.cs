using ModelPlatform.Inference;
using ModelPlatform.Inference.Models;

namespace ModelPlatform.Tests.Unit.Inference.Models;

public sealed class RunGateTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_are_taken_then_waited_for_then_refused()
    {
        using var gate = new RunGate(places: 1, maxWaiting: 1, "the test");
        var inside = await gate.EnterAsync(Cancelled);
        var waiting = gate.EnterAsync(Cancelled);

        var fault = await Assert.ThrowsAsync<InferenceFault>(() => gate.EnterAsync(Cancelled));

        Assert.Equal(FaultKind.Overloaded, fault.Kind);
        Assert.False(waiting.IsCompleted);
        inside.Dispose();
        (await waiting).Dispose();
        (await gate.EnterAsync(Cancelled)).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_room_for_another()
    {
        using var gate = new RunGate(places: 1, maxWaiting: 1, "the test");
        var inside = await gate.EnterAsync(Cancelled);
        using var impatient = new CancellationTokenSource();
        var given = gate.EnterAsync(impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        var waiting = gate.EnterAsync(Cancelled);
        inside.Dispose();
        (await waiting).Dispose();
    }
}
