using System.Runtime.InteropServices;

namespace NetVips;

[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public ulong First;
    public ulong Second;
}

/// <summary>The C API. A function that returns an object hands over one reference.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libvips.so.42";
    private const StringMarshalling Utf8 = StringMarshalling.Utf8;

    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial int vips_init(string argv0);
    [LibraryImport(Library)] public static partial nint vips_error_buffer_copy();
    [LibraryImport(Library)] public static partial void vips_concurrency_set(int threads);
    [LibraryImport(Library)] public static partial void vips_cache_set_max(int operations);
    [LibraryImport(Library)] public static partial void vips_block_untrusted_set(int state);
    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial void vips_operation_block_set(string name, int state);

    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial nint vips_operation_new(string name);
    /// <summary>Where it succeeds, our reference now belongs to what it put in place of the operation; where it fails, nothing changed hands.</summary>
    [LibraryImport(Library)] public static partial int vips_cache_operation_buildp(ref nint operation);
    [LibraryImport(Library)] public static partial void vips_object_unref_outputs(nint operation);

    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial int vips_object_set_from_string(Operation operation, string options);
    [LibraryImport(Library)] public static partial nint vips_foreign_find_load_buffer(byte* bytes, nuint length);
    [LibraryImport(Library)] public static partial nint vips_image_write_to_memory(Image image, out ulong length);

    [LibraryImport(Library)] public static partial int vips_image_get_width(Image image);
    [LibraryImport(Library)] public static partial int vips_image_get_height(Image image);
    [LibraryImport(Library)] public static partial int vips_image_hasalpha(Image image);

    [LibraryImport(Library)] public static partial nuint vips_image_get_type();
    [LibraryImport(Library)] public static partial nuint vips_blob_get_type();
    [LibraryImport(Library)] public static partial nint vips_blob_copy(byte* bytes, nuint length);
    [LibraryImport(Library)] public static partial void vips_area_unref(nint blob);

    [LibraryImport(Library)] public static partial nint g_value_init(ref GValue value, nuint type);
    [LibraryImport(Library)] public static partial void g_value_unset(ref GValue value);
    [LibraryImport(Library)] public static partial void g_value_set_int(ref GValue value, int number);
    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial void g_value_set_string(ref GValue value, string text);
    [LibraryImport(Library)] public static partial void g_value_set_object(ref GValue value, Image image);
    [LibraryImport(Library)] public static partial void g_value_set_boxed(ref GValue value, nint blob);
    [LibraryImport(Library)] public static partial nint g_value_dup_object(in GValue value);

    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial void g_object_set_property(Operation operation, string name, in GValue value);
    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial void g_object_get_property(Operation operation, string name, ref GValue value);
    [LibraryImport(Library)] public static partial void g_object_unref(nint instance);

    [LibraryImport(Library)] public static partial void g_free(nint memory);
    [LibraryImport(Library, StringMarshalling = Utf8)] public static partial uint g_log_set_handler(string domain, int levels, delegate* unmanaged<nint, int, nint, nint, void> handler, nint data);
}
