using ModelPlatform.Inference;
using ModelPlatform.Inference.Batching;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

public sealed class AdmissionTests
{
    [Fact]
    public void Who_comes_when_all_places_are_taken_is_refused_until_one_is_left()
    {
        var admission = new Admission(places: 1, maxWaiting: 1, "the test");
        var first = admission.Enter();
        admission.RequireRoom();
        admission.Enter();

        Assert.Equal(FaultKind.Overloaded, Assert.Throws<InferenceFault>(admission.RequireRoom).Kind);
        Assert.Contains("the test", Assert.Throws<InferenceFault>(() => admission.Enter()).Message, StringComparison.Ordinal);

        Assert.Equal(2, admission.Refused);

        first.Dispose();
        admission.RequireRoom();
        admission.Enter();
        Assert.Throws<InferenceFault>(() => admission.Enter());
        Assert.Equal(3, admission.Refused);
    }
}
