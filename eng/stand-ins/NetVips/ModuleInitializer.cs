namespace NetVips;

public static class ModuleInitializer
{
#pragma warning disable CA2211 // Fields in the real library too.
    public static bool VipsInitialized;
    public static Exception Exception;
#pragma warning restore CA2211

#pragma warning disable CA1031, CA2255 // A library that cannot start says so in the fields above, not by failing to load.
    [System.Runtime.CompilerServices.ModuleInitializer]
    public static void Initialize()
    {
        try
        {
            VipsInitialized = NetVips.Init();
            if (!VipsInitialized)
                Exception = new VipsException("unable to initialize libvips");
        }
        catch (Exception failure)
        {
            Exception = failure;
        }
    }
#pragma warning restore CA1031, CA2255
}
