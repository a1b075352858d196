namespace NetVips;

public static class NetVips
{
    public static int Concurrency
    {
        set => Native.vips_concurrency_set(value);
    }

    public static bool BlockUntrusted
    {
        set => Native.vips_block_untrusted_set(value ? 1 : 0);
    }

    public static bool Init() => Native.vips_init("NetVips") == 0;
}

public static class Cache
{
    public static int Max
    {
        set => Native.vips_cache_set_max(value);
    }
}
