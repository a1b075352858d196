using System.Text.Json.Serialization;
using ModelPlatform.Repository.Json;

namespace ModelPlatform.Repository.Manifests;

/// <summary>
/// How a picture becomes an input tensor: fit to <see cref="Width"/> by <see cref="Height"/>, take <see cref="Color"/> channels,
/// value = (pixel × scale − mean) ÷ std for each channel in the order of <see cref="Color"/>. Members left out are taken from the graph or their defaults.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PreprocessPlan
{
    public const float DefaultScale = 1f / 255f;

    /// <summary>Pixels; 1 to 4096.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels; 1 to 4096.</summary>
    public int? Height { get; init; }

    /// <summary>With <see cref="ImageFit.Crop"/>: the length in pixels to which the shorter side is brought before the centre is cut out.</summary>
    public int? Resize { get; init; }

    public ImageFit Fit { get; set; } = ImageFit.Crop;

    public ChannelOrder? Color { get; init; }

    public TensorLayout? Layout { get; init; }

    public float Scale { get; set; } = DefaultScale;

    /// <summary>One number a channel.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>One number a channel, none of them zero.</summary>
    public IReadOnlyList<float>? Std { get; init; }
}

[JsonConverter(typeof(CamelCaseEnumConverter<ImageFit>))]
public enum ImageFit
{
    /// <summary>Fill the frame and cut off what is over, keeping the aspect ratio.</summary>
    Crop,

    /// <summary>Fill the frame, changing the aspect ratio.</summary>
    Stretch,

    /// <summary>Show the whole picture and fill the rest with black.</summary>
    Pad,
}

[JsonConverter(typeof(CamelCaseEnumConverter<ChannelOrder>))]
public enum ChannelOrder { Rgb, Bgr, Gray }

[JsonConverter(typeof(CamelCaseEnumConverter<TensorLayout>))]
public enum TensorLayout { Nchw, Nhwc }
