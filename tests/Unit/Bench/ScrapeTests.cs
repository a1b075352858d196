using ModelPlatform.Bench.Simulation;

namespace ModelPlatform.Tests.Unit.Bench;

public sealed class ScrapeTests
{
    private const string Text =
        """
        # TYPE list_calls_total counter
        list_calls_total{otel_scope_name="a b}",page="1"} 12 1764156000000
        list_calls_total{page="2"} 3
        list_calls_totals 100
        heap_size_bytes 1.5E+3 1764156000000
        free 7
        # EOF
        """;

    [Theory]
    [InlineData("list_calls_total", 15)]
    [InlineData("heap_size_bytes", 1500)]
    [InlineData("free", 7)]
    [InlineData("nothing", 0)]
    public void A_metric_is_summed_up_over_its_labels(string name, double sum) => Assert.Equal(sum, new Scrape(Text).Sum(name));
}
