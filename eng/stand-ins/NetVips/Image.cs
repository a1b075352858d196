using System.Runtime.InteropServices;

namespace NetVips;

public class Image : VipsObject
{
    internal Image(nint instance) : base(instance)
    {
    }

    public int Width => Native.vips_image_get_width(this);
    public int Height => Native.vips_image_get_height(this);
    public int Bands => Native.vips_image_get_bands(this);
    public Enums.BandFormat Format => (Enums.BandFormat)Native.vips_image_get_format(this);
    public Enums.Interpretation Interpretation => (Enums.Interpretation)Native.vips_image_get_interpretation(this);

    public static string FindLoadBuffer(byte[] data) => FindLoadBuffer((ReadOnlySpan<byte>)data);

    public static unsafe string FindLoadBuffer(ReadOnlySpan<byte> data)
    {
        fixed (byte* first = data)
            return Marshal.PtrToStringUTF8(Native.vips_foreign_find_load_buffer(first, (nuint)data.Length));
    }

    public static Image NewFromBuffer(byte[] data, string strOptions = "", Enums.Access? access = null, Enums.FailOn? failOn = null) =>
        NewFromBuffer((ReadOnlySpan<byte>)data, strOptions, access, failOn);

    public static Image NewFromBuffer(ReadOnlySpan<byte> data, string strOptions = "", Enums.Access? access = null, Enums.FailOn? failOn = null)
    {
        var loader = FindLoadBuffer(data) ?? throw new VipsException("unable to load from buffer");
        return new Operation(loader).WithOptions(strOptions).With("buffer", data).With("access", access).With("fail_on", failOn).ToImage();
    }

    public static unsafe Image NewFromMemoryCopy<T>(ReadOnlySpan<T> data, int width, int height, int bands, Enums.BandFormat format) where T : unmanaged
    {
        fixed (T* first = data)
        {
            var image = Native.vips_image_new_from_memory_copy(first, (nuint)(data.Length * sizeof(T)), width, height, bands, (int)format);
            return image == 0 ? throw new VipsException("unable to make image from memory") : new Image(image);
        }
    }

    public static Image ThumbnailBuffer(byte[] buffer, int width, string optionString = null, int? height = null, Enums.Size? size = null, bool? noRotate = null,
        Enums.Interesting? crop = null, bool? linear = null) =>
        new Operation("thumbnail_buffer").With("buffer", buffer).With("width", width).With("option_string", optionString).With("height", height).With("size", size)
            .With("no_rotate", noRotate).With("crop", crop).With("linear", linear).ToImage();

    public Image ThumbnailImage(int width, int? height = null, Enums.Size? size = null, bool? noRotate = null, Enums.Interesting? crop = null, bool? linear = null) =>
        On("thumbnail_image").With("width", width).With("height", height).With("size", size)
            .With("no_rotate", noRotate).With("crop", crop).With("linear", linear).ToImage();

    public Image Flatten(double[] background = null, double? maxAlpha = null) => On("flatten").With("background", background).With("max_alpha", maxAlpha).ToImage();

    public Image Colourspace(Enums.Interpretation space, Enums.Interpretation? sourceSpace = null) =>
        On("colourspace").With<Enums.Interpretation>("space", space).With("source_space", sourceSpace).ToImage();

    public Image ExtractBand(int band, int? n = null) => On("extract_band").With("band", band).With("n", n).ToImage();

    public Image Cast(Enums.BandFormat format, bool? shift = null) => On("cast").With<Enums.BandFormat>("format", format).With("shift", shift).ToImage();

    public Image Crop(int left, int top, int width, int height) => ExtractArea(left, top, width, height);

    public Image ExtractArea(int left, int top, int width, int height) =>
        new Operation("extract_area").With("input", this).With("left", left).With("top", top).With("width", width).With("height", height).ToImage();

    public Image Embed(int x, int y, int width, int height, Enums.Extend? extend = null, double[] background = null) =>
        On("embed").With("x", x).With("y", y).With("width", width).With("height", height).With("extend", extend).With("background", background).ToImage();

    public Image Gravity(Enums.CompassDirection direction, int width, int height, Enums.Extend? extend = null, double[] background = null) =>
        On("gravity").With<Enums.CompassDirection>("direction", direction).With("width", width).With("height", height).With("extend", extend)
            .With("background", background).ToImage();

    public bool HasAlpha() => Native.vips_image_hasalpha(this) != 0;

    public bool Contains(string name) => Native.vips_image_get_typeof(this, name) != 0;

    /// <summary>A field that holds a number or text; the real library reads other kinds too.</summary>
    public object Get(string name)
    {
        if (Native.vips_image_get_typeof(this, name) == Native.vips_ref_string_get_type() && Native.vips_image_get_string(this, name, out var text) == 0)
            return Marshal.PtrToStringUTF8(text);
        if (Native.vips_image_get_typeof(this, name) == 15 << 2 && Native.vips_image_get_double(this, name, out var real) == 0)
            return real;
        return Native.vips_image_get_int(this, name, out var number) == 0 ? number : throw new VipsException($"unable to get {name}");
    }

    /// <summary>The caller frees the memory with <see cref="NetVips.Free"/>.</summary>
    public nint WriteToMemory(out ulong size)
    {
        var pixels = Native.vips_image_write_to_memory(this, out size);
        return pixels == 0 ? throw new VipsException("unable to write to memory") : pixels;
    }

    public unsafe byte[] WriteToMemory()
    {
        var pixels = WriteToMemory(out var size);
        try
        {
            return new ReadOnlySpan<byte>((void*)pixels, checked((int)size)).ToArray();
        }
        finally
        {
            NetVips.Free(pixels);
        }
    }

    public byte[] WriteToBuffer(string formatString)
    {
        var options = formatString.IndexOf('[');
        var saver = Marshal.PtrToStringUTF8(Native.vips_foreign_find_save_buffer(formatString)) ?? throw new VipsException("unable to write to buffer");
        return On(saver).WithOptions(options < 0 ? "" : formatString[options..]).ToBytes();
    }

    private Operation On(string operation) => new Operation(operation).With("in", this);
}
