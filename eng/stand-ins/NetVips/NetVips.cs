namespace NetVips;

public static class NetVips
{
    public static int Concurrency
    {
        get => Native.GetConcurrency();
        set => Native.SetConcurrency(value);
    }

    public static bool BlockUntrusted
    {
        set => Native.BlockUntrusted(value ? 1 : 0);
    }

    public static bool Init() => Native.Init("NetVips") == 0;

    public static int Version(int flag) => Native.Version(flag);

    public static void Free(nint ptr) => Native.Free(ptr);
}

public static class Cache
{
    public static int Max
    {
        get => Native.GetCacheMax();
        set => Native.SetCacheMax(value);
    }
}
