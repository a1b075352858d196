using System.Runtime.InteropServices;

namespace NetVips;

public static unsafe class Log
{
    public delegate void LogDelegate(string logDomain, Enums.LogLevelFlags logLevel, string message);

    // Kept for ever: here nobody takes a handler away.
    public static uint SetLogHandler(string logDomain, Enums.LogLevelFlags flags, LogDelegate logFunc) =>
        Native.g_log_set_handler(logDomain, (int)flags, &Receive, GCHandle.ToIntPtr(GCHandle.Alloc(logFunc)));

    [UnmanagedCallersOnly]
    private static void Receive(nint domain, int level, nint message, nint function) =>
        ((LogDelegate)GCHandle.FromIntPtr(function).Target)!(Marshal.PtrToStringUTF8(domain), (Enums.LogLevelFlags)level, Marshal.PtrToStringUTF8(message));
}
