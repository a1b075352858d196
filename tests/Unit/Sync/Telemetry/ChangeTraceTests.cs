using ModelPlatform.Repository.Serving;
using ModelPlatform.Sync.Detection;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Telemetry;
using static ModelPlatform.Tests.Unit.Sync.Planning.Offers;

namespace ModelPlatform.Tests.Unit.Sync.Telemetry;

public sealed class ChangeTraceTests
{
    private const string Publisher = "00-11111111111111111111111111111111-2222222222222222-01";
    private const string Before = "00-33333333333333333333333333333333-4444444444444444-01";

    [Theory]
    [InlineData(Publisher, Publisher)]
    [InlineData("hello", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_new_version_goes_on_with_the_trace_of_its_publisher_if_that_is_one(string? traceparent, string? parent)
    {
        var seen = Holding((Fashion, new ModelSnapshot(ServingPolicy.Default, [Version("1", traceparent: Before), Version("2", traceparent: traceparent)])));
        var published = State((Fashion, Published("1"))) with { Traceparent = Before };
        Assert.Equal(parent, ChangeTrace.ParentOf(News(seen, published, Known(""))!, seen, published));
    }

    [Fact]
    public void Acks_alone_go_on_with_the_trace_of_the_generation_they_are_about()
    {
        var seen = Holding((Fashion, new ModelSnapshot(ServingPolicy.Default, [Version("1", traceparent: Publisher)])));
        var published = State((Fashion, Published("1"))) with { Traceparent = Before };
        Assert.Equal(Before, ChangeTrace.ParentOf(News(seen, published, Known("1", Pictures))!, seen, published));
    }
}
