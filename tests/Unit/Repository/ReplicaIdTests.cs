using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ReplicaIdTests
{
    [Theory]
    [InlineData("inference-api-6d9f-x2x4k", true)]
    [InlineData("host.example:1234", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("...", true)]
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
    [InlineData("inference-api-6d9f", "inference-api-6d9f")]
    [InlineData("my laptop/1", "my-laptop-1")]
    [InlineData("Müller's Mac", "M-ller's-Mac")]
    [InlineData("..", "-")]
    [InlineData("", "-")]
    public void Any_name_has_an_id_near_to_it(string name, string id) => Assert.Equal(id, ReplicaId.Nearest(name).ToString());

    [Fact]
    public void The_id_of_an_endless_name_is_its_beginning() =>
        Assert.Equal(new string('a', 128), ReplicaId.Nearest(new string('a', 4096)).ToString());
}
