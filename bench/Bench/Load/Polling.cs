using System.Runtime.InteropServices;

namespace ModelPlatform.Bench.Load;

/// <summary>Waits for sockets with the precision that a schedule needs: what .NET offers counts in milliseconds.</summary>
internal static unsafe partial class Polling
{
    public const short Readable = 1;
    public const short Writable = 4;

    /// <param name="wait">Null: as long as it takes.</param>
    public static void Wait(Span<Watched> sockets, TimeSpan? wait)
    {
        var time = default(Time);
        if (wait is { } most) time = new Time { Seconds = most.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = most.Ticks % TimeSpan.TicksPerSecond * 100 };
        fixed (Watched* first = sockets) _ = ppoll(first, (nuint)sockets.Length, wait is null ? null : &time, null);
    }

    [LibraryImport("libc")]
    private static partial int ppoll(Watched* sockets, nuint count, Time* wait, void* signals);

    /// <summary>struct pollfd</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Watched
    {
        public int Descriptor;
        public short Wanted;
        public short Ready;
    }

    /// <summary>struct timespec</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
