using System.Text;
using ModelPlatform.Repository.Json;
using ModelPlatform.Sync.Events;

namespace ModelPlatform.Tests.Unit.Sync.Events;

public sealed class EventBatchTests
{
    private const string Grid = """{ "id": "1", "topic": "t", "subject": "s", "eventType": "Microsoft.Storage.BlobCreated", "eventTime": "2026-11-22T10:00:00Z", "data": { "url": "http://x", "storageDiagnostics": { "batchId": "b" } }, "dataVersion": "", "metadataVersion": "1" }""";
    private const string Cloud = """{ "specversion": "1.0", "id": "1", "source": "t", "subject": "s", "type": "Microsoft.Storage.BlobDeleted", "time": "2026-11-22T10:00:00Z", "data": "anything" }""";
    private const string Handshake = """{ "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": { "validationCode": "512d38b6", "validationUrl": "https://evil.example" } }""";

    [Fact]
    public void Both_schemas_are_read_alone_and_in_lists()
    {
        var created = new BlobEvent("Microsoft.Storage.BlobCreated", "s");
        var deleted = new BlobEvent("Microsoft.Storage.BlobDeleted", "s");
        Assert.Equal([created], Parse(Grid));
        Assert.Equal([deleted], Parse(Cloud));
        Assert.Equal([created, deleted, created], Parse($"[{Grid}, {Cloud}, {Grid}]"));
        Assert.Empty(Parse(" [ ] "));
    }

    [Fact]
    public void A_handshake_is_read_with_its_code_and_not_its_address() =>
        Assert.Equal([new BlobEvent(BlobEvent.ValidationType, null, "512d38b6")], Parse($"[{Handshake}]"));

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("nonsense", "not valid JSON")]
    [InlineData("null", "An object is expected")]
    [InlineData("7", "An object is expected")]
    [InlineData("[null]", "An object is expected")]
    [InlineData("[[]]", "An object is expected")]
    [InlineData("{}", "[0]: It lacks eventType")]
    [InlineData("[" + Grid + ", {}]", "[1]: It lacks eventType")]
    [InlineData("[" + Grid, "not valid JSON")]
    [InlineData("[" + Grid + "] 1", "not valid JSON")]
    [InlineData(Grid + Grid, "not valid JSON")]
    [InlineData("""{ "specversion": "1.0" }""", "It lacks type")]
    [InlineData("""{ "specversion": "0.3", "type": "t" }""", "Its specversion is not 1.0")]
    [InlineData("""{ "eventType": 1 }""", "of the form of an event")]
    [InlineData("""{ "eventType": "\ud800" }""", "of the form of an event")]
    [InlineData("""{ "eventType": "a", "eventType": "b" }""", "of the form of an event")]
    [InlineData("""{ "eventType": "a", "subject": {} }""", "of the form of an event")]
    [InlineData("""{ "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent" }""", "lacks validationCode")]
    [InlineData("""{ "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": [] }""", "lacks validationCode")]
    [InlineData("""{ "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": { "validationCode": 7 } }""", "of the form of an event")]
    [InlineData("""{ "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": { "validationCode": "\udc00" } }""", "of the form of an event")]
    public void Whatever_else_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDocumentException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_and_number_are_bounded()
    {
        Assert.Throws<InvalidDocumentException>(() => Parse(new string('[', 500_000)));
        Assert.Throws<InvalidDocumentException>(() => Parse($$"""{ "eventType": "a", "data": {{new string('[', 40)}}{{new string(']', 40)}} }"""));
        Assert.Equal(EventBatch.MaxEvents, Parse(Many(EventBatch.MaxEvents)).Count);
        Assert.Contains("more than 5000", Assert.Throws<InvalidDocumentException>(() => Parse(Many(EventBatch.MaxEvents + 1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Grid, 1)]
    [InlineData("[" + Grid + "," + Cloud + "]", 2)]
    public void A_message_of_the_queue_is_plain_or_in_base64(string json, int count)
    {
        Assert.Equal(count, QueuedEvent.Parse(new BinaryData(json)).Count);
        Assert.Equal(count, QueuedEvent.Parse(new BinaryData(Convert.ToBase64String(Encoding.UTF8.GetBytes(json)))).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an event")]
    [InlineData("bm90IGFuIGV2ZW50")]
    [InlineData("====")]
    public void Another_message_is_refused(string text) => Assert.Throws<InvalidDocumentException>(() => QueuedEvent.Parse(new BinaryData(text)));

    private static IReadOnlyList<BlobEvent> Parse(string json) => EventBatch.Parse(Encoding.UTF8.GetBytes(json));

    private static string Many(int count) => $"[{string.Join(',', Enumerable.Repeat("""{"eventType":"a"}""", count))}]";
}
