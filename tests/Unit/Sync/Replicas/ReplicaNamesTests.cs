using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Tests.Unit.Sync.Replicas;

public sealed class ReplicaNamesTests
{
    [Theory]
    [InlineData("inference-api-6d9f-x2x4k", true)]
    [InlineData("host.example:1234", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\0", false)]
    [InlineData("modèle", false)]
    public void An_id_is_printable_ascii_without_slash(string? text, bool isId) => Assert.Equal(isId, ReplicaId.TryParse(text, out _));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(ReplicaId.TryParse(new string('a', 128), out _));
        Assert.False(ReplicaId.TryParse(new string('a', 129), out _));
    }

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
