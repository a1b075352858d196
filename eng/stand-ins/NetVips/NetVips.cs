namespace NetVips;

public static class NetVips
{
    public static int Concurrency
    {
        get => Native.vips_concurrency_get();
        set => Native.vips_concurrency_set(value);
    }

    public static bool BlockUntrusted
    {
        set => Native.vips_block_untrusted_set(value ? 1 : 0);
    }

    public static bool Init() => Native.vips_init("NetVips") == 0;

    public static int Version(int flag) => Native.vips_version(flag);

    public static void Free(nint ptr) => Native.g_free(ptr);
}

public static class Cache
{
    public static int Max
    {
        get => Native.vips_cache_get_max();
        set => Native.vips_cache_set_max(value);
    }
}
