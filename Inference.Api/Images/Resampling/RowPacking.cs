using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ModelPlatform.Repository.Manifests;

namespace ModelPlatform.Inference.Images.Resampling;

/// <summary>Where the samples of a picture's rows go in the tensor, and as what.</summary>
/// <param name="IsTransparent">Its pixels have an alpha that counts.</param>
internal sealed record RowPacking(ImagePlan Plan, bool IsTransparent)
{
    /// <summary>What a picture does not cover.</summary>
    public void Blacken(Span<float> tensor)
    {
        for (var channel = 0; channel < Plan.Channels; channel++)
        {
            var (first, step) = Place(channel);
            if (step == 1) tensor.Slice(first, Plan.Width * Plan.Height).Fill(Plan.Offset[channel]);
            else for (var to = first; to < tensor.Length; to += step) tensor[to] = Plan.Offset[channel];
        }
    }

    /// <param name="samples">A row of resized pixels.</param>
    /// <param name="x">Where its first pixel lies.</param>
    public void Write(ReadOnlySpan<float> samples, int channels, int x, int y, Span<float> tensor)
    {
        var pixel = y * Plan.Width + x;
        if (channels == 1) WriteGrey(samples, pixel, tensor);
        else if (Plan.Color == ChannelOrder.Gray) WriteLuminance(samples, pixel, tensor);
        else if (Plan.Layout == TensorLayout.Nchw) WritePlanes(samples, pixel, tensor);
        else WritePixels(samples, pixel, tensor);
    }

    private (int First, int Step) Place(int channel) => Plan.Layout == TensorLayout.Nchw ? (channel * Plan.Width * Plan.Height, 1) : (channel, Plan.Channels);

    private void WriteGrey(ReadOnlySpan<float> samples, int pixel, Span<float> tensor)
    {
        for (var channel = 0; channel < Plan.Channels; channel++)
        {
            var (first, step) = Place(channel);
            if (step == 1) SampleRows.Scale(samples, Plan.Factor[channel], Plan.Offset[channel], tensor.Slice(first + pixel, samples.Length));
            else for (var i = 0; i < samples.Length; i++) tensor[first + (pixel + i) * step] = Math.Clamp(samples[i], 0, 255) * Plan.Factor[channel] + Plan.Offset[channel];
        }
    }

    private void WriteLuminance(ReadOnlySpan<float> samples, int pixel, Span<float> tensor)
    {
        var (factor, offset) = (Plan.Factor[0], Plan.Offset[0]);
        for (var i = 0; i < samples.Length; i += 4, pixel++) tensor[pixel] = Luminance.Of(samples[i], samples[i + 1], samples[i + 2]) * factor + offset;
    }

    // Two pixels at a time: their reds, greens and blues side by side.
    private void WritePlanes(ReadOnlySpan<float> samples, int pixel, Span<float> tensor)
    {
        var (factors, offsets) = (Pairs(Plan.Factor), Pairs(Plan.Offset));
        var red = tensor.Slice(PlaceOf(0) + pixel, samples.Length / 4);
        var green = tensor.Slice(PlaceOf(1) + pixel, samples.Length / 4);
        var blue = tensor.Slice(PlaceOf(2) + pixel, samples.Length / 4);
        ref var sample = ref MemoryMarshal.GetReference(samples);
        ref var reds = ref MemoryMarshal.GetReference(red);
        ref var greens = ref MemoryMarshal.GetReference(green);
        ref var blues = ref MemoryMarshal.GetReference(blue);
        var done = 0;
        for (; done <= red.Length - 2; done += 2)
        {
            var clamped = Vector256.Clamp(Vector256.LoadUnsafe(ref sample, (nuint)done * 4), Vector256<float>.Zero, Vector256.Create(255f));
            var scaled = Vector256.FusedMultiplyAdd(Vector256.Shuffle(clamped, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)), factors, offsets).AsDouble();
            Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref Unsafe.Add(ref reds, done)), scaled.GetElement(0));
            Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref Unsafe.Add(ref greens, done)), scaled.GetElement(1));
            Unsafe.WriteUnaligned(ref Unsafe.As<float, byte>(ref Unsafe.Add(ref blues, done)), scaled.GetElement(2));
        }
        for (; done < red.Length; done++)
        {
            red[done] = Math.Clamp(samples[done * 4], 0, 255) * factors[0] + offsets[0];
            green[done] = Math.Clamp(samples[done * 4 + 1], 0, 255) * factors[2] + offsets[2];
            blue[done] = Math.Clamp(samples[done * 4 + 2], 0, 255) * factors[4] + offsets[4];
        }
    }

    private void WritePixels(ReadOnlySpan<float> samples, int pixel, Span<float> tensor)
    {
        for (var i = 0; i < samples.Length; i += 4, pixel++)
        {
            for (var colour = 0; colour < 3; colour++)
                tensor[pixel * 3 + ChannelOf(colour)] = Math.Clamp(samples[i + colour], 0, 255) * Plan.Factor[ChannelOf(colour)] + Plan.Offset[ChannelOf(colour)];
        }
    }

    // Pixels are always red, green, blue; factor and offset are in the order of the tensor's channels.
    private int ChannelOf(int colour) => Plan.Color == ChannelOrder.Bgr ? 2 - colour : colour;

    private int PlaceOf(int colour) => Place(ChannelOf(colour)).First;

    private Vector256<float> Pairs(float[] ofChannel)
    {
        var (red, green, blue) = (ofChannel[ChannelOf(0)], ofChannel[ChannelOf(1)], ofChannel[ChannelOf(2)]);
        return Vector256.Create(red, red, green, green, blue, blue, 0, 0);
    }
}
