using Microsoft.ML.OnnxRuntime.Tensors;
using NetVips;

namespace ModelPlatform.Bench.Naive;

internal sealed class Pictures(int side, int channels)
{
    private const int Resize = 256;
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    public DenseTensor<float> ToTensor(byte[] picture)
    {
        var pixels = channels == 1 ? Grey(picture) : Rgb(picture);
        var tensor = new DenseTensor<float>([1, channels, side, side]);
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                for (var channel = 0; channel < channels; channel++)
                {
                    var value = pixels[(y * side + x) * channels + channel] / 255f;
                    tensor[0, channel, y, x] = channels == 1 ? value : (value - Mean[channel]) / Std[channel];
                }
            }
        }
        return tensor;
    }

    private byte[] Grey(byte[] picture)
    {
        using var fitted = Image.ThumbnailBuffer(picture, side, height: side, size: Enums.Size.Force);
        using var grey = fitted.Colourspace(Enums.Interpretation.Bw);
        return grey.WriteToMemory<byte>();
    }

    private byte[] Rgb(byte[] picture)
    {
        using var fitted = Image.ThumbnailBuffer(picture, Resize, height: Resize, crop: Enums.Interesting.Centre);
        using var cropped = fitted.ExtractArea((Resize - side) / 2, (Resize - side) / 2, side, side);
        using var rgb = cropped.Colourspace(Enums.Interpretation.Srgb);
        return rgb.WriteToMemory<byte>();
    }
}
