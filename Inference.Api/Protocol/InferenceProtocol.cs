using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Protocol.Grpc;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Protocol.Score;

namespace ModelPlatform.Inference.Protocol;

/// <summary>The ways in.</summary>
internal static class InferenceProtocol
{
    public static void AddInferenceProtocol(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ProtocolOptions, ProtocolOptionsValidator>().BindConfiguration(ProtocolOptions.Section);
        builder.Services.AddOptionsWithValidateOnStart<ScoreOptions, ScoreOptionsValidator>().BindConfiguration(ScoreOptions.Section);
        builder.Services.AddSingleton<InferencePipeline>();
        builder.Services.AddExceptionHandler<FaultAnswers>();
        builder.Services.AddProblemDetails();
        builder.Services.AddDeadline();
        builder.Services.AddDrain();
        builder.Services.AddRateLimit();
        builder.Services.AddAnswerCompression();
        builder.Services.AddGrpcProtocol();
        builder.Services.AddRequestDecompression(options => options.DecompressionProviders.Remove("br"));   // gzip and deflate are the protocol's
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = kestrel.ApplicationServices.GetRequiredService<IOptions<ProtocolOptions>>().Value.MaxBodyBytes;
        });
    }

    public static void MapInferenceProtocol(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(answer => FaultAnswers.WriteEmptyAsync(answer.HttpContext));
        app.UseDrain();
        app.UseRateLimiter();
        app.UseDeadline();
        app.UseResponseCompression();
        app.UseRequestDecompression();

        var server = app.MapGroup("/v2");
        server.MapServer();
        var models = server.MapGroup("/models");
        models.MapModels();
        models.MapConfiguration();
        models.MapStatistics();
        var scoring = models.MapGroup("").WithMetadata(new RateLimitedAttribute());
        scoring.MapGroup("").WithMetadata(new CompressibleAnswer()).MapInfer();
        scoring.MapClassify();
        server.MapRepository();
        app.MapScore();
        app.MapApiDocument();
        app.MapGrpcProtocol();
    }
}
