using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Work for seconds on a thread of its own that leaves the processor to everybody else. Threads that are begun on it inherit that, and cannot
/// ever be raised again: so nothing but the work may happen there, and it must begin none.
/// </summary>
internal static partial class YieldingThread
{
    private const int ThisThread = 0;
    private const int Lowest = 19;

    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancelled) => OnThreadOfItsOwn(() => Run(work), cancelled);

    public static Task RunAsync(Action work, CancellationToken cancelled) => RunAsync(() => { work(); return true; }, cancelled);

    /// <summary>The same without yielding, for work that begins threads or waits for those of others.</summary>
    public static Task<T> OnThreadOfItsOwn<T>(Func<T> work, CancellationToken cancelled) =>
        Task.Factory.StartNew(work, cancelled, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    // From an ordinary thread that waits: to complete a task may begin a thread of the pool.
    private static T Run<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Work) { Name = "load", IsBackground = true, Priority = ThreadPriority.BelowNormal };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;

        void Work()
        {
            // Where ThreadPriority does nothing. Whether it is granted or not changes no result.
            if (OperatingSystem.IsLinux()) _ = setpriority(0, ThisThread, Lowest);
            try { result = work(); }
#pragma warning disable CA1031 // Thrown again where somebody waits for it.
            catch (Exception thrown) { failure = ExceptionDispatchInfo.Capture(thrown); }
#pragma warning restore CA1031
        }
    }

    [LibraryImport("libc")]
    private static partial int setpriority(int which, int who, int priority);
}
