using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Images;

internal sealed class ImageOptions
{
    public const string Section = "Images";

    /// <summary>Pixels of the largest picture that is decoded; read from its header.</summary>
    [Range(1, 1_000_000_000)] public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>
    /// The same for pictures that are decoded whole, not row by row: interlaced PNG, progressive JPEG, lossless WebP. They take up to 9 bytes of memory a pixel;
    /// the largest photographs that are commonly progressive have 12 megapixels.
    /// </summary>
    [Range(1, 1_000_000_000)] public long MaxInterlacedPixels { get; set; } = 16_000_000;

    /// <summary>Whether plain JPEG and PNG are decoded with libjpeg-turbo and libspng where those are there. libvips does the same, in more time.</summary>
    public bool FastPath { get; set; } = true;

    /// <summary>Pictures in one classify request.</summary>
    [Range(1, 10_000)] public int MaxPictures { get; set; } = 64;

    /// <summary>Pictures that are decoded at the same time.</summary>
    [Range(1, 256), DefaultValue("one for each processor")] public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Requests that may wait for the decoder before others are refused with 503.</summary>
    [Range(0, 100_000)] public int MaxWaiting { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class ImageOptionsValidator : IValidateOptions<ImageOptions>;
