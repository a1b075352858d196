using System.Runtime.InteropServices;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Tests.Unit.ServiceDefaults;

public sealed unsafe class FreedMemoryTests
{
    private const int Blocks = 2048;
    private const int BlockBytes = 64 << 10;

    [Fact]
    public void What_was_freed_goes_back_to_the_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the system's allocator does as it likes.");
        var blocks = stackalloc void*[Blocks];
        for (var i = 0; i < Blocks; i++) NativeMemory.Fill(blocks[i] = NativeMemory.Alloc(BlockBytes), BlockBytes, 1);
        // The last one stays: glibc gives back by itself only what lies above everything in use.
        for (var i = 0; i < Blocks - 1; i++) NativeMemory.Free(blocks[i]);
        var before = Environment.WorkingSet;

        FreedMemory.GiveBack();

        var after = Environment.WorkingSet;
        NativeMemory.Free(blocks[Blocks - 1]);
        Assert.InRange(before - after, (long)Blocks * BlockBytes / 2, long.MaxValue);
    }
}
