using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class DeleteTests(Azurite azurite)
{
    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_goes_with_its_model_json_first_and_nothing_else()
    {
        await FillAsync();
        var ran = (await ModelCtl.RunAsync(_storage, "delete", "fashion/1", "--yes")).Expect(0);
        Assert.StartsWith("deleted fashion/1 (2 blobs, ", ran.Output, StringComparison.Ordinal);
        var deleted = ran.Error.Split('\n').Where(line => line.StartsWith("deleted ", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("deleted fashion/1/model.json (", deleted[0], StringComparison.Ordinal);
        Assert.Equal(2, deleted.Count);
        Assert.Equal(
            "bags/1/model.json bags/1/model.onnx fashion.onnx fashion/2/model.json fashion/2/model.onnx fashion/3/model.json fashion/3/model.onnx fashion/readme.txt fashion/serving.json fashion2/1/model.json fashion2/1/model.onnx",
            await NamesAsync());
    }

    [Fact]
    public async Task What_is_wanted_or_the_fallback_is_refused_unless_forced()
    {
        await FillAsync();
        var before = await NamesAsync();
        Assert.Contains("fashion/3 is wanted", (await ModelCtl.RunAsync(_storage, "delete", "fashion/3", "--yes")).Expect(3).Error, StringComparison.Ordinal);
        Assert.Contains("fashion/2 is the fallback", (await ModelCtl.RunAsync(_storage, "delete", "fashion/2", "--yes")).Expect(3).Error, StringComparison.Ordinal);
        Assert.Contains("fashion is wanted", (await ModelCtl.RunAsync(_storage, "delete", "fashion", "--yes")).Expect(3).Error, StringComparison.Ordinal);
        Assert.Equal(before, await NamesAsync());

        (await ModelCtl.RunAsync(_storage, "delete", "fashion/2", "--yes", "--force")).Expect(0);
        Assert.DoesNotContain("fashion/2/", await NamesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_model_goes_with_the_wish_to_unload_it()
    {
        await FillAsync();
        (await ModelCtl.RunAsync(_storage, "unload", "fashion")).Expect(0);
        await WantAsync();   // what ModelSync makes of that

        var ran = (await ModelCtl.RunAsync(_storage, "delete", "fashion", "--yes")).Expect(0);
        Assert.StartsWith("deleted fashion (8 blobs, ", ran.Output, StringComparison.Ordinal);
        Assert.StartsWith("deleted fashion.onnx (", ran.Error[ran.Error.IndexOf("deleted", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("1 blob below fashion", ran.Error, StringComparison.Ordinal);
        Assert.Equal("bags/1/model.json bags/1/model.onnx fashion/readme.txt fashion2/1/model.json fashion2/1/model.onnx", await NamesAsync());
        Assert.Empty((await WishesAsync()).Models);
        Assert.Contains("There is no model 'fashion'. There are: bags, fashion2.", (await ModelCtl.RunAsync(_storage, "delete", "fashion", "--yes")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_that_was_interrupted_before_its_end_is_ended_by_another_one()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PutAsync("fashion/1/model.onnx", "its model.json is gone");
        await _storage.Container.PutAsync(RepositoryLayout.Overrides, """{ "models": { "fashion": { "unload": true }, "bags": { "unload": true } } }""");
        (await ModelCtl.RunAsync(_storage, "delete", "fashion", "--yes")).Expect(0);
        Assert.Equal("", await NamesAsync());
        Assert.Equal("bags", Assert.Single((await WishesAsync()).Models).Key.ToString());
        (await ModelCtl.RunAsync(_storage, "delete", "bags", "--yes")).Expect(0);   // the wish is all that was left
        Assert.Empty((await WishesAsync()).Models);
    }

    [Fact]
    public async Task The_wish_stays_while_the_document_still_names_the_model()
    {
        await FillAsync();
        (await ModelCtl.RunAsync(_storage, "unload", "fashion")).Expect(0);
        var ran = (await ModelCtl.RunAsync(_storage, "delete", "fashion", "--yes", "--force")).Expect(0);
        Assert.Contains("fashion is still in the desired state", ran.Error, StringComparison.Ordinal);
        Assert.Single((await WishesAsync()).Models);
    }

    [Fact]
    public async Task Without_a_person_to_ask_nothing_goes_unless_told_so()
    {
        await FillAsync();
        var before = await NamesAsync();
        Assert.Contains("Delete fashion/1 (2 blobs, ", (await ModelCtl.RunAsync(_storage, "delete", "fashion/1")).Expect(2).Error, StringComparison.Ordinal);
        (await ModelCtl.RunAsync(_storage, "delete", "fashion/../bags", "--yes")).Expect(2);
        (await ModelCtl.RunAsync(_storage, "delete", ".platform", "--yes")).Expect(2);
        Assert.Contains("There is no fashion/9.", (await ModelCtl.RunAsync(_storage, "delete", "fashion/9", "--yes")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal(before, await NamesAsync());
    }

    [Theory]
    [InlineData("y", 0)]
    [InlineData("n", 1)]
    public async Task At_a_terminal_a_person_is_asked(string answer, int exitCode)
    {
        await FillAsync();
        (await ModelCtl.AtTerminalAsync(_storage, answer, "delete", "fashion/1")).Expect(exitCode);
        Assert.Equal(exitCode != 0, (await NamesAsync()).Contains("fashion/1/", StringComparison.Ordinal));
    }

    private async Task FillAsync()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        foreach (var id in new[] { "fashion/1", "fashion/2", "fashion/3", "fashion2/1", "bags/1" }) await _storage.Container.PublishAsync(id);
        foreach (var name in new[] { "fashion/serving.json", "fashion/readme.txt", "fashion.onnx" }) await _storage.Container.PutAsync(name, "{}");
        await WantAsync(("fashion", new DesiredModel { Versions = [Desired(3)], Fallback = [Desired(2)] }));
    }

    private Task WantAsync(params (string, DesiredModel)[] models) => new RepositoryContainer(_storage.Container).WantAsync(1, models);

    private async Task<string> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var blob in _storage.Container.GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, null, Cancelled))
            if (!blob.Name.StartsWith(".platform/", StringComparison.Ordinal)) names.Add(blob.Name);
        return string.Join(' ', names);
    }

    private async Task<ModelOverrides> WishesAsync() =>
        ModelOverrides.Parse((await _storage.Container.GetBlobClient(RepositoryLayout.Overrides).DownloadContentAsync(Cancelled)).Value.Content);

    private static DesiredVersion Desired(long version) => new(new(version), Identity.OfManifest([]), $"fashion/{version}/", new Dictionary<FilePath, DesiredFile>());
}
