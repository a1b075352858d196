namespace NetVips;

public class Operation : VipsObject
{
    private const nuint IntType = 6 << 2, StringType = 16 << 2;

    private readonly string _name;

    internal Operation(string name) : base(Native.vips_operation_new(name))
    {
        _name = name;
        if (IsInvalid)
            throw new VipsException($"no such operation {name}");
    }

    public static void Block(string name, bool state) => Native.vips_operation_block_set(name, state ? 1 : 0);

    internal Operation With(string option, bool? value) => With(option, value is null ? null : value.Value ? 1 : 0);

    internal Operation With<T>(string option, T? value) where T : struct, Enum => With(option, value is null ? null : Convert.ToInt32(value.Value));

    // GLib converts a number into the property's own type: enumerations, flags and booleans too.
    internal Operation With(string option, int? value) => value is null ? this : Set(option, IntType, (ref v) => Native.g_value_set_int(ref v, value.Value));

    internal Operation With(string option, string value) => value is null ? this : Set(option, StringType, (ref v) => Native.g_value_set_string(ref v, value));

    internal Operation With(string option, Image value) => Set(option, Native.vips_image_get_type(), (ref v) => Native.g_value_set_object(ref v, value));

    internal unsafe Operation With(string option, ReadOnlySpan<byte> bytes)
    {
        nint blob;
        fixed (byte* first = bytes)
            blob = Native.vips_blob_copy(first, (nuint)bytes.Length);
        if (blob == 0)
            throw new VipsException($"unable to call {_name}");
        Set(option, Native.vips_blob_get_type(), (ref v) => Native.g_value_set_boxed(ref v, blob));
        Native.vips_area_unref(blob);
        return this;
    }

    /// <summary>Options in one string, as in "[fail_on=error]".</summary>
    internal Operation WithOptions(string options) =>
        options.Length == 0 || Native.vips_object_set_from_string(this, options) == 0 ? this : throw new VipsException($"unable to call {_name}");

    internal Image ToImage()
    {
        using (this)
        {
            var built = handle;
            var failed = Native.vips_cache_operation_buildp(ref built) != 0;
            SetHandle(built);
            try
            {
                if (failed)
                    throw new VipsException($"unable to call {_name}");
                var value = default(GValue);
                Native.g_value_init(ref value, Native.vips_image_get_type());
                Native.g_object_get_property(this, "out", ref value);
                var image = new Image(Native.g_value_dup_object(value));
                Native.g_value_unset(ref value);
                return image;
            }
            finally
            {
                // Drops the operation's own references to outputs, and only to those that it made.
                Native.vips_object_unref_outputs(handle);
            }
        }
    }

    private Operation Set(string option, nuint type, Put put)
    {
        var value = default(GValue);
        Native.g_value_init(ref value, type);
        put(ref value);
        Native.g_object_set_property(this, option, value);
        Native.g_value_unset(ref value);
        return this;
    }

    private delegate void Put(ref GValue value);
}
