using System.Runtime.InteropServices;

namespace NetVips;

public class Image : VipsObject
{
    internal Image(nint instance) : base(instance)
    {
    }

    public int Width => Native.vips_image_get_width(this);
    public int Height => Native.vips_image_get_height(this);

    public static unsafe string FindLoadBuffer(byte[] data)
    {
        fixed (byte* first = data)
            return Marshal.PtrToStringUTF8(Native.vips_foreign_find_load_buffer(first, (nuint)data.Length));
    }

    public static Image NewFromBuffer(byte[] data, string strOptions = "", Enums.Access? access = null, Enums.FailOn? failOn = null)
    {
        var loader = FindLoadBuffer(data) ?? throw new VipsException("unable to load from buffer");
        return new Operation(loader).WithOptions(strOptions).With("buffer", data).With("access", access).With("fail_on", failOn).ToImage();
    }

    public static Image ThumbnailBuffer(byte[] buffer, int width, string optionString = null, int? height = null, Enums.Size? size = null, bool? noRotate = null,
        Enums.Interesting? crop = null, bool? linear = null) =>
        new Operation("thumbnail_buffer").With("buffer", buffer).With("width", width).With("option_string", optionString).With("height", height).With("size", size)
            .With("no_rotate", noRotate).With("crop", crop).With("linear", linear).ToImage();

    public Image Flatten() => On("flatten").ToImage();

    public Image Colourspace(Enums.Interpretation space, Enums.Interpretation? sourceSpace = null) =>
        On("colourspace").With<Enums.Interpretation>("space", space).With("source_space", sourceSpace).ToImage();

    public Image Cast(Enums.BandFormat format, bool? shift = null) => On("cast").With<Enums.BandFormat>("format", format).With("shift", shift).ToImage();

    public Image ExtractArea(int left, int top, int width, int height) =>
        new Operation("extract_area").With("input", this).With("left", left).With("top", top).With("width", width).With("height", height).ToImage();

    public Image Gravity(Enums.CompassDirection direction, int width, int height, Enums.Extend? extend = null) =>
        On("gravity").With<Enums.CompassDirection>("direction", direction).With("width", width).With("height", height).With("extend", extend).ToImage();

    public bool HasAlpha() => Native.vips_image_hasalpha(this) != 0;

    public unsafe T[] WriteToMemory<T>() where T : unmanaged
    {
        var pixels = Native.vips_image_write_to_memory(this, out var size);
        if (pixels == 0)
            throw new VipsException("unable to write to memory");
        try
        {
            return new ReadOnlySpan<T>((void*)pixels, checked((int)size / sizeof(T))).ToArray();
        }
        finally
        {
            Native.g_free(pixels);
        }
    }

    private Operation On(string operation) => new Operation(operation).With("in", this);
}
