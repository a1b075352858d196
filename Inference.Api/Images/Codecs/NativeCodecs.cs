using System.Reflection;
using System.Runtime.InteropServices;

namespace ModelPlatform.Inference.Images.Codecs;

/// <summary>
/// The libraries of the fast path: beside the application if they were there when it was built, else the system's, else none. They are optional.
/// </summary>
internal static class NativeCodecs
{
    public const string TurboJpeg = "turbojpeg";
    public const string Spng = "spng";

    private static readonly Dictionary<string, nint> Loaded = new[] { TurboJpeg, Spng }.ToDictionary(name => name, Load);

    static NativeCodecs() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeCodecs).Assembly, (name, _, _) => Loaded.GetValueOrDefault(name));

    /// <summary>libjpeg-turbo 2 or 3.</summary>
    public static bool HasTurboJpeg { get; } = Has(TurboJpeg, "tjInitDecompress", "tjDecompressHeader3", "tjDecompress2", "tjDestroy");

    public static bool HasSpng { get; } = Has(Spng, "spng_ctx_new", "spng_set_png_buffer", "spng_get_ihdr", "spng_decode_image", "spng_decode_row", "spng_decode_chunks", "spng_ctx_free");

    private static bool Has(string library, params string[] functions) =>
        Loaded[library] != 0 && Array.TrueForAll(functions, function => NativeLibrary.TryGetExport(Loaded[library], function, out _));

    private static nint Load(string name)
    {
        // libspng needs zlib. A small image has none but the one beside us, and once loaded it is found by its name.
        if (name == Spng) _ = NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, "libz.so.1"), out _);
        var file = OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so.0";
        return NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, file), out var beside) || NativeLibrary.TryLoad(file, Assembly.GetExecutingAssembly(), null, out beside) ? beside : 0;
    }
}
