using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Models;

/// <summary>How a version is served, in the terms of Triton's ModelConfig (extension_model_configuration.md).</summary>
/// <param name="Versions">Those of the model that are served here.</param>
/// <param name="MaxBatchSize">Rows that may share a run; 0 for a version that is not batched. Of one that is, dimensions are those of a row.</param>
internal sealed record ModelConfiguration(
    ModelId Model, IReadOnlyList<ModelVersion> Versions, int MaxBatchSize, TimeSpan MaxDelay, int Instances,
    IReadOnlyList<ConfiguredTensor> Inputs, IReadOnlyList<ConfiguredTensor> Outputs)
{
    public const string Platform = "onnxruntime_onnx";
    public const string Backend = "onnxruntime";

    /// <param name="versions">Those of the model that are served here.</param>
    public static ModelConfiguration Of(LoadedModel model, IEnumerable<LoadedModel> versions)
    {
        var isBatched = model.Runners.MaxRows > 1;
        return new ModelConfiguration(
            model.Id, [.. versions.Select(version => version.Id.Version)], isBatched ? model.Runners.MaxRows : 0, model.Runners.MaxDelay, model.Runners.Concurrency,
            [.. model.Inputs.Select(Configured)], [.. model.Outputs.Select(Configured)]);

        ConfiguredTensor Configured(TensorSpec spec)
        {
            var dims = isBatched ? spec.Shape[1..] : spec.Shape;
            return new ConfiguredTensor(spec.Name, TypeOf(spec.Datatype), FormatOf(spec, dims), dims);
        }

        string FormatOf(TensorSpec spec, long[] dims) => model.Classifier?.Plan is { } plan && plan.Input == spec.Name && dims.Length == 3
            ? plan.Layout == TensorLayout.Nchw ? "FORMAT_NCHW" : "FORMAT_NHWC"
            : "FORMAT_NONE";
    }

    private static string TypeOf(Datatype datatype) => datatype == Datatype.Bytes ? "TYPE_STRING" : $"TYPE_{datatype.Name}";
}

/// <param name="DataType">A name of ModelConfig's enumeration DataType.</param>
/// <param name="Format">A name of its enumeration ModelInput.Format: outputs have none.</param>
internal sealed record ConfiguredTensor(string Name, string DataType, string Format, long[] Dims);
