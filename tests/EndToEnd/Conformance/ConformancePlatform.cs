using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.EndToEnd.Hosting;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

[CollectionDefinition(Name)]
public sealed class OneConformancePlatform : ICollectionFixture<ConformancePlatform>
{
    public const string Name = "conformance";
}

/// <summary>The running application with its sample model, 'fashion', and one of every datatype, 'types'; asked at each replica's own address and at the public one.</summary>
public sealed class ConformancePlatform : IAsyncLifetime
{
    public static readonly string[] Targets = ["one replica", "the other replica", "the public port"];

    private readonly RunningPlatform _platform = new();
    private readonly List<OipClient> _clients = [];

    /// <summary>The picture of an ankle boot as the sample model takes it, FP32 [1, 1, 28, 28].</summary>
    internal byte[] Pixels { get; } = File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "2", "golden", "image.bin"));

    internal IEnumerable<OipClient> Replicas => _clients.Take(2);

    internal OipClient At(string target) => _clients[Array.IndexOf(Targets, target)];

    public async ValueTask InitializeAsync()
    {
        await _platform.InitializeAsync();
        var graph = OnnxModels.SameOfEach(Sample.OfEveryDatatype.Select(sample => (sample.Input, sample.Output, sample.OnnxType)));
        await _platform.Repository.PublishAsync(new ModelId(ModelName.Parse("types"), new ModelVersion(1)), new Dictionary<string, byte[]> { ["model.onnx"] = graph });
        await _platform.ConvergedAsync("types", 1, replicas: 2);
        foreach (var replica in await _platform.ReplicasAsync()) _clients.Add(new OipClient(new Uri(replica.Address!)));
        _clients.Add(new OipClient(_platform.Api));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _platform.DisposeAsync();
    }
}
