using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Images;
using ModelPlatform.Inference.Telemetry;

namespace ModelPlatform.Inference.Models;

/// <summary>What is in memory and how it runs.</summary>
internal static class ModelServing
{
    public static void AddModelServing(this WebApplicationBuilder builder)
    {
        LeaveThreadsForRequests();
        builder.Services.AddOptionsWithValidateOnStart<ExecutionOptions, ExecutionOptionsValidator>().BindConfiguration(ExecutionOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ExecutionOptions>, OfferedProviders>();
        builder.Services.AddOptionsWithValidateOnStart<BatchingOptions, BatchingOptionsValidator>().BindConfiguration(BatchingOptions.Section);
        builder.Services.AddOptionsWithValidateOnStart<ImageOptions, ImageOptionsValidator>().BindConfiguration(ImageOptions.Section);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ModelCatalog>();
        builder.Services.AddSingleton<InferenceMetrics>();
        builder.Services.AddHostedService<DecoderNotice>();
    }

    // A picture is decoded on the thread of its request: with as many pool threads as cores, two pictures would leave none to accept the next request.
    private static void LeaveThreadsForRequests()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 2 * Environment.ProcessorCount + 12), ports);
    }
}
