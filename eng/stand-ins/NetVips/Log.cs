using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace NetVips;

public static unsafe class Log
{
    private static readonly ConcurrentDictionary<uint, GCHandle> Handlers = new();

    public delegate void LogDelegate(string logDomain, Enums.LogLevelFlags logLevel, string message);

    public static uint SetLogHandler(string logDomain, Enums.LogLevelFlags flags, LogDelegate logFunc)
    {
        var function = GCHandle.Alloc(logFunc);
        var id = Native.g_log_set_handler(logDomain, (int)flags, &Receive, GCHandle.ToIntPtr(function));
        Handlers[id] = function;
        return id;
    }

    public static void RemoveLogHandler(string logDomain, uint handlerId)
    {
        Native.g_log_remove_handler(logDomain, handlerId);
        if (Handlers.TryRemove(handlerId, out var function))
            function.Free();
    }

    [UnmanagedCallersOnly]
    private static void Receive(nint domain, int level, nint message, nint function) =>
        ((LogDelegate)GCHandle.FromIntPtr(function).Target)!(Marshal.PtrToStringUTF8(domain), (Enums.LogLevelFlags)level, Marshal.PtrToStringUTF8(message));
}
