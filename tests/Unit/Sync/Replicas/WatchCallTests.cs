using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Tests.Unit.Sync.Replicas;

public sealed class WatchCallTests
{
    [Theory]
    [InlineData("?replica=a", true)]
    [InlineData("?replica=a&address=http%3A%2F%2F10.0.0.1%3A8080&grpcAddress=http%3A%2F%2F10.0.0.1%3A8081&pid=12", true)]
    [InlineData("?address=http%3A%2F%2F10.0.0.1", false)]
    [InlineData("?replica=a&replica=b", true)]                                   // one id, "a,b"
    [InlineData("?replica=a&address=javascript%3Aalert(1)", false)]
    [InlineData("?replica=a&address=10.0.0.1", false)]
    [InlineData("?replica=a&pid=-1", false)]
    [InlineData("?replica=a&pid=99999999999", false)]
    [InlineData("?replica=a&pid=x", false)]
    [InlineData("?replica=a&generation=42", true)]
    [InlineData("?replica=a&generation=-1", false)]
    [InlineData("?replica=a&generation=4503599627370496", true)]
    [InlineData("?replica=a&generation=4503599627370497", false)]                // there must be room for all that is published above it
    [InlineData("?replica=a&generation=9007199254740992", false)]                // one more could not be read by anybody
    [InlineData("?replica=a&generation=9223372036854775807", false)]             // nothing could be published above it
    public void A_watch_is_opened_with_well_formed_values_only(string query, bool isCall)
    {
        var parsed = new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query));
        Assert.Equal(isCall, WatchCall.TryParse(parsed, out _, out var problem));
        Assert.Equal(isCall, problem is null);
    }

    [Fact]
    public void An_endless_address_is_refused() =>
        Assert.False(WatchCall.TryParse(new QueryCollection(new Dictionary<string, StringValues> { ["replica"] = "a", ["address"] = "http://" + new string('a', 5000) }), out _, out _));
}
