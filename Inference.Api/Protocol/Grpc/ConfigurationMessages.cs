using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol.Grpc.Wire;

namespace ModelPlatform.Inference.Protocol.Grpc;

internal static class ConfigurationMessages
{
    public static ModelConfigResponse Write(ModelConfiguration configuration)
    {
        var message = new ModelConfig
        {
            Name = configuration.Model.Name.ToString(),
            Platform = ModelConfiguration.Platform,
            Backend = ModelConfiguration.Backend,
            VersionPolicy = new ModelVersionPolicy { Specific = new ModelVersionPolicy.Types.Specific { Versions = { configuration.Versions.Select(version => version.Number) } } },
            MaxBatchSize = configuration.MaxBatchSize,
            Input = { configuration.Inputs.Select(input => new ModelInput { Name = input.Name, DataType = TypeOf(input), Format = FormatOf(input), Dims = { input.Dims } }) },
            Output = { configuration.Outputs.Select(output => new ModelOutput { Name = output.Name, DataType = TypeOf(output), Dims = { output.Dims } }) },
            InstanceGroup = { new ModelInstanceGroup { Name = $"{configuration.Model.Name}_0", Kind = ModelInstanceGroup.Types.Kind.Cpu, Count = configuration.Instances } },
        };
        if (configuration.MaxBatchSize > 0)
        {
            message.DynamicBatching = new ModelDynamicBatching
            {
                PreferredBatchSize = { configuration.MaxBatchSize },
                MaxQueueDelayMicroseconds = (ulong)configuration.MaxDelay.TotalMicroseconds,
            };
        }
        return new ModelConfigResponse { Config = message };
    }

    // TYPE_FP32 is TypeFp32 in the generated code, and FORMAT_NCHW is Nchw.
    private static DataType TypeOf(ConfiguredTensor tensor) => Enum.Parse<DataType>(tensor.DataType.Replace("_", ""), ignoreCase: true);

    private static ModelInput.Types.Format FormatOf(ConfiguredTensor tensor) => Enum.Parse<ModelInput.Types.Format>(tensor.Format["FORMAT_".Length..], ignoreCase: true);
}
