using System.Text;
using System.Text.Json;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class WatchPointerTests
{
    [Fact]
    public void A_pointer_is_found()
    {
        var written = JsonSerializer.SerializeToUtf8Bytes(new WatchPointer(42, "0x8D"), RepositoryJson.Default.WatchPointer);
        Assert.Equal(new WatchPointer(42, "0x8D"), WatchPointer.Find(written));
    }

    [Fact]
    public void A_document_is_no_pointer() => Assert.Null(WatchPointer.Find(DesiredState.Empty.ToJson()));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"etag":null}""")]
    [InlineData("""{"generation":1}""")]
    [InlineData("""{"generation":"x","etag":"y"}""")]
    [InlineData("""{"etag":"\ud800"}""")]
    [InlineData("""{"etag":"x"}}""")]
    public void Neither_is_anything_else(string data) => Assert.Null(WatchPointer.Find(Encoding.UTF8.GetBytes(data)));
}
