using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Images;

/// <summary>Says at start how pictures are decoded: without the optional libraries everything works, and small pictures cost many times as much.</summary>
internal sealed partial class DecoderNotice(IOptions<ImageOptions> options, ILogger<DecoderNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var path = DecodePath.Available;
        if (!options.Value.FastPath) Log.VipsByWish(logger);
        else Log.Decoding(logger, path.Jpeg ? "libjpeg-turbo" : "libvips", path.Png ? "libspng" : "libvips");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "JPEG is decoded with {Jpeg}, PNG with {Png}, everything else with libvips.")]
        public static partial void Decoding(ILogger logger, string jpeg, string png);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Every picture is decoded with libvips.")]
        public static partial void VipsByWish(ILogger logger);
    }
}
