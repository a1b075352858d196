using System.Text.Json.Nodes;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Integration.Cli;

public sealed class ListTests(Azurite azurite)
{
    private readonly Storage _storage = azurite.NewStorage();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Versions_are_listed_with_what_is_to_be_served_of_them()
    {
        var identity = await FillAsync();
        var lines = (await ModelCtl.RunAsync(_storage, "list")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["MODEL", "VERSION", "STATE", "DESIRED", "FILES", "SIZE", "PUBLISHED", "(UTC)", "IDENTITY"], Words(lines[0]));
        Assert.Equal(["bags", "1", "incomplete", "-", "1", "5", "B", "-", "-"], Words(lines[1]));
        Assert.Equal(["fashion", "2", "committed", "wanted", "2"], Words(lines[2])[..5]);
        Assert.Equal(["fashion", "1", "committed", "fallback", "2"], Words(lines[3])[..5]);
        Assert.EndsWith(identity.ToString()[..19], lines[3], StringComparison.Ordinal);
        Assert.Equal(4, lines.Length);
        Assert.Single(lines.Select(line => line.IndexOf(Words(line)[2], StringComparison.Ordinal)).Distinct());   // aligned

        static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Programs_read_json()
    {
        var identity = await FillAsync();
        var ran = (await ModelCtl.RunAsync(_storage, "list", "fashion", "--output", "json")).Expect(0);
        var versions = JsonNode.Parse(ran.Output)!.AsArray();
        Assert.Equal(["2", "1"], versions.Select(version => (string?)version!["version"]));
        var first = versions[1]!;
        Assert.Equal(("fashion", "committed", "fallback", identity.ToString()), ((string?)first["model"], (string?)first["state"], (string?)first["desired"], (string?)first["identity"]));
        Assert.Equal(2, (int?)first["files"]);
        Assert.InRange((DateTimeOffset)first["published"]!, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10));
    }

    [Fact]
    public async Task Blobs_that_belong_to_no_model_are_told_apart()
    {
        await FillAsync();
        await _storage.Container.PutAsync("readme.txt", "graph");
        var ran = (await ModelCtl.RunAsync(_storage, "list")).Expect(0);
        Assert.Contains("'readme.txt' lies in no model's folder.", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flat_model_is_listed_with_the_number_under_which_it_is_published()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PutAsync("synset.txt", "one");
        await _storage.Container.PutAsync("squeezenet.onnx", "graph");
        Assert.Contains("squeezenet  -        flat   -        2", (await ModelCtl.RunAsync(_storage, "list", "squeezenet")).Expect(0).Output, StringComparison.Ordinal);

        await using var sync = new Sync.SyncHost(_storage);
        var state = await sync.StateAsync("it is published", state => state.Models.Count == 1);
        var row = (await ModelCtl.RunAsync(_storage, "list", "squeezenet")).Expect(0).Output.Split('\n')[1];
        Assert.Equal(["squeezenet", $"{state.Models.Values.Single().Versions[0].Version}", "flat", "wanted", "2"], row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..5]);
    }

    [Fact]
    public async Task An_unknown_model_is_a_failure_and_an_empty_repository_is_not()
    {
        Assert.Contains("There are no models yet.", (await ModelCtl.RunAsync(_storage, "list")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("There is no model 'fashion'", (await ModelCtl.RunAsync(_storage, "list", "fashion")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_does_not_answer_is_named()
    {
        var place = $"http://127.0.0.1:{FreePort.Next()}/devstoreaccount1";
        var ran = (await ModelCtl.RunAsync([], "list", "--connection", $"Endpoint=\"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint={place}\";ContainerName=models")).Expect(4);
        Assert.Contains($"The storage {place}/models cannot be reached: Connection refused", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_that_does_not_let_us_in_is_named()
    {
        var stranger = _storage with { Account = _storage.Account.Replace("AccountKey=", "AccountKey=QUFB", StringComparison.Ordinal) };
        var ran = (await ModelCtl.RunAsync(stranger, "list")).Expect(4);
        Assert.Contains($"The storage {_storage.Container.Uri} does not let us in", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ContainerName=models")]
    [InlineData("Endpoint=nonsense;ContainerName=models")]
    public async Task A_malformed_connection_string_is_wrong_usage(string connection) =>
        Assert.Contains("connection string of the models is malformed", (await ModelCtl.RunAsync([], "list", "--connection", connection)).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Outside_development_nothing_is_assumed() =>
        Assert.Contains("No storage is configured", (await ModelCtl.RunAsync([new("DOTNET_ENVIRONMENT", "Production")], "list")).Expect(2).Error, StringComparison.Ordinal);

    private async Task<Identity> FillAsync()
    {
        await _storage.Container.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await _storage.Container.PutAsync("bags/1/model.onnx", "graph");
        var first = await _storage.Container.PublishAsync("fashion/1");
        var second = await _storage.Container.PublishAsync("fashion/2", "another graph");
        var desired = DesiredState.Empty with
        {
            Models = new Dictionary<ModelName, DesiredModel> { [ModelName.Parse("fashion")] = new() { Versions = [Desired(2, second)], Fallback = [Desired(1, first)] } },
        };
        await _storage.Container.GetBlobClient(RepositoryLayout.DesiredState).UploadAsync(BinaryData.FromBytes(desired.ToJson()), Cancelled);
        return first;
    }

    private static DesiredVersion Desired(long version, Identity identity) => new(new(version), identity, $"fashion/{version}/", new Dictionary<FilePath, DesiredFile>());
}
