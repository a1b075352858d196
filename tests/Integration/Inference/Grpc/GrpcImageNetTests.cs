using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Tests.Integration.Inference.Grpc;

/// <summary>A real classifier with real photographs, which a client of the protocol decodes itself.</summary>
public sealed class GrpcImageNetTests(Azurite azurite, ITestOutputHelper output) : OneGrpcReplica(azurite)
{
    private static readonly string Folder = RepositoryRoot.Combine("..", "shared", "data", "imagenet");

    [Fact]
    public async Task Every_photograph_is_recognised()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, "squeezenet1.0-dc-palette.onnx")), "The ImageNet model and photographs are not beside this checkout (../shared/data/imagenet).");
        var version = await Repository.PublishAsync(
            Id(1),
            new Dictionary<string, byte[]> { ["model.onnx"] = await ReadAsync("squeezenet1.0-dc-palette.onnx"), ["labels.txt"] = await ReadAsync("synset.txt") },
            new JsonObject { ["labels"] = "labels.txt" });
        await Repository.WantAsync(1, ("m", RepositoryContainer.Model(version)));
        await StartAsync();
        using var lease = App.Services.GetRequiredService<ModelCatalog>().Acquire("m");
        var classifier = lease.Model.Classifier!;

        var rows = (await File.ReadAllLinesAsync(Path.Combine(Folder, "photos", "expected.tsv"), Cancelled)).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var tensor = classifier.NewRows(1);
            ImageDecoder.Decode(await ReadAsync(Path.Combine("photos", row[0])), classifier.Plan, new ImageOptions(), classifier.RowOf(tensor, 0));
            var request = Raw(tensor.Name, "FP32", tensor.Shape, tensor.Data.ToArray());
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = classifier.Output, Parameters = { ["classification"] = new InferParameter { Int64Param = 1 } } });
            var answer = await Client.ModelInferAsync(request, cancellationToken: Cancelled);
            var best = Encoding.UTF8.GetString(answer.RawOutputContents[0].Span[4..]);
            output.WriteLine($"{row[0]}: {best}");
            // Value, index and label, which is a line of the synset: the class's WordNet number and its names.
            Assert.StartsWith(row[1] + " ", best.Split(':', 3)[2], StringComparison.Ordinal);
        }
    }

    private static Task<byte[]> ReadAsync(string file) => File.ReadAllBytesAsync(Path.Combine(Folder, file), Cancelled);
}
