using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Telemetry;

namespace ModelPlatform.Inference.Models;

/// <summary>What is in memory and how it runs.</summary>
internal static class ModelServing
{
    public static void AddModelServing(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ExecutionOptions, ExecutionOptionsValidator>().BindConfiguration("Execution");
        builder.Services.AddOptionsWithValidateOnStart<ImageOptions, ImageOptionsValidator>().BindConfiguration("Images");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ModelCatalog>();
        builder.Services.AddSingleton<InferenceMetrics>();
    }
}
