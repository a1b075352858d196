using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Marks routes whose larger answers are compressed for clients that ask for it.</summary>
internal sealed class CompressibleAnswer;

/// <summary>
/// Compresses the answers of inference, with gzip or deflate as the protocol's clients ask; a header that counts bytes of the answer counts them
/// before that. What else the server says is too short to gain anything.
/// </summary>
internal sealed class AnswerCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    private const int Least = 1024;

    public override bool ShouldCompressResponse(HttpContext context) =>
        context.Response.ContentLength >= Least && context.GetEndpoint()?.Metadata.GetMetadata<CompressibleAnswer>() is not null && base.ShouldCompressResponse(context);
}

internal static class AnswerCompressing
{
    public static void AddAnswerCompression(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            // BREACH guesses a secret that stands in an answer beside what the guesser sent: tensors computed from his own hold none.
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/octet-stream"];
            options.Providers.Add<GzipCompressionProvider>();
            options.Providers.Add<Deflate>();
        });
        services.AddSingleton<IResponseCompressionProvider, AnswerCompression>();
    }

    // HTTP's "deflate" is the format of zlib.
    private sealed class Deflate : ICompressionProvider
    {
        public string EncodingName => "deflate";

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) => new ZLibStream(outputStream, CompressionLevel.Fastest, leaveOpen: true);
    }
}
