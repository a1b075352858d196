using System.Runtime.InteropServices;

namespace NetVips;

/// <summary>Owns one reference to a native object.</summary>
public class VipsObject : SafeHandle
{
    internal VipsObject(nint instance) : base(0, ownsHandle: true) => SetHandle(instance);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Native.g_object_unref(handle);
        return true;
    }
}
