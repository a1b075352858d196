using ModelPlatform.Sync.Events;

namespace ModelPlatform.Tests.Unit.Sync.Events;

public sealed class BlobEventTests
{
    private const string Ours = "/blobServices/default/containers/models/blobs/";

    [Theory]
    [InlineData("Microsoft.Storage.BlobCreated", Ours + "fashion/2/model.json", true)]
    [InlineData("Microsoft.Storage.BlobDeleted", Ours + "fashion/2/model.json", true)]
    [InlineData("Microsoft.Storage.BlobRenamed", Ours + "fashion/2/model.json", true)]
    [InlineData("Microsoft.Storage.DirectoryRenamed", Ours + "fashion/2", true)]
    [InlineData("microsoft.storage.blobcreated", Ours + "squeezenet.onnx", true)]
    [InlineData("Microsoft.Storage.BlobCreated", Ours + "no model at all", true)]
    [InlineData("Microsoft.Storage.BlobCreated", Ours + ".platform/overrides.json", true)]
    [InlineData("Microsoft.Storage.BlobCreated", Ours + ".platform/desired-state.json", false)]
    [InlineData("Microsoft.Storage.BlobCreated", Ours + ".platform/leader", false)]
    [InlineData("Microsoft.Storage.DirectoryDeleted", Ours + ".platform", false)]
    [InlineData("Microsoft.Storage.BlobTierChanged", Ours + "fashion/2/model.json", false)]
    [InlineData("Microsoft.EventGrid.SubscriptionDeletedEvent", Ours + "fashion/2/model.json", false)]
    [InlineData("Microsoft.Storage.BlobCreated", "/blobServices/default/containers/models2/blobs/fashion/2/model.json", false)]
    [InlineData("Microsoft.Storage.BlobCreated", "/blobServices/default/containers/Models/blobs/fashion/2/model.json", false)]
    [InlineData("Microsoft.Storage.BlobCreated", "/blobServices/default/containers/other/blobs/containers/models/blobs/x", false)]
    [InlineData("Microsoft.Storage.BlobCreated", "/blobServices/default/containers/models", false)]
    [InlineData("Microsoft.Storage.BlobCreated", "", false)]
    [InlineData("Microsoft.Storage.BlobCreated", null, false)]
    public void An_event_concerns_us_by_its_type_and_its_blob(string type, string? subject, bool concerns) =>
        Assert.Equal(concerns, new BlobEvent(type, subject).Concerns("models"));
}
