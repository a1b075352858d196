using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Inference.Models;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>How a version is served, for clients of Triton (extension_model_configuration.md): what of its ModelConfig has a meaning here.</summary>
internal static class ConfigurationRoutes
{
    public static void MapConfiguration(this IEndpointRouteBuilder models)
    {
        models.MapGet("/{model}/config", (string model, ModelCatalog catalog) => Answer(catalog, model, null));
        models.MapGet("/{model}/versions/{version}/config", (string model, string version, ModelCatalog catalog) => Answer(catalog, model, version));
    }

    private static JsonHttpResult<ConfigurationBody> Answer(ModelCatalog catalog, string model, string? version)
    {
        using var lease = catalog.Acquire(model, version);
        return TypedResults.Json(BodyOf(ModelConfiguration.Of(lease.Model, catalog.Of(lease.Model.Id.Name))), TritonJson.Default.ConfigurationBody);
    }

    private static ConfigurationBody BodyOf(ModelConfiguration configuration) => new(
        configuration.Model.Name.ToString(),
        ModelConfiguration.Platform,
        ModelConfiguration.Backend,
        new VersionPolicyBody(new SpecificVersionsBody([.. configuration.Versions.Select(version => version.Number)])),
        configuration.MaxBatchSize,
        [.. configuration.Inputs.Select(input => new ConfiguredInputBody(input.Name, input.DataType, input.Format, input.Dims))],
        [.. configuration.Outputs.Select(output => new ConfiguredOutputBody(output.Name, output.DataType, output.Dims))],
        configuration.MaxBatchSize > 0
            ? new DynamicBatchingBody([configuration.MaxBatchSize], (long)configuration.MaxDelay.TotalMicroseconds, PreserveOrdering: false)
            : null,
        [new InstanceGroupBody($"{configuration.Model.Name}_0", "KIND_CPU", configuration.Instances, [])]);
}
