using System.Runtime.InteropServices;

namespace NetVips;

public class VipsException : Exception
{
    /// <summary>Appends what libvips has to say, and clears it.</summary>
    public VipsException(string message) : base($"{message}{Environment.NewLine}{TakeError()}")
    {
    }

    private static string TakeError()
    {
        var text = Native.vips_error_buffer_copy();
        try
        {
            return Marshal.PtrToStringUTF8(text);
        }
        finally
        {
            Native.g_free(text);
        }
    }
}
