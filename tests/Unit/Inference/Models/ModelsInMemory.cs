using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Inference.Models;

/// <summary>Real versions of a model 'm', each with one runner.</summary>
internal sealed class ModelsInMemory : IDisposable
{
    public static readonly ModelName Name = ModelName.Parse("m");
    private readonly string _folder = Directory.CreateTempSubdirectory("models-").FullName;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public ModelsInMemory() => Metrics = new InferenceMetrics(_meters.GetRequiredService<IMeterFactory>(), Catalog);

    public ModelCatalog Catalog { get; } = new();

    public InferenceMetrics Metrics { get; }

    public LoadedModel Load(int version, byte[] graph)
    {
        var path = Path.Combine(_folder, $"{version}.onnx");
        File.WriteAllBytes(path, graph);
        var (id, session) = (new ModelId(Name, new ModelVersion(version)), OnnxSession.Load(path, new SessionSetup(1)));
        var runners = new BatchRunners(id, session.Run, BatchWindow.Alone, 1, Metrics, TimeProvider.System, NullLogger<BatchRunners>.Instance);
        return new LoadedModel(id, Identity.OfManifest([(byte)version]), session, null, new Admission(1, 0, "m"), runners, Metrics.Reside(Name));
    }

    public void Dispose()
    {
        _meters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
