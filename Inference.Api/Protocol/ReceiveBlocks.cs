using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ModelPlatform.Inference.Protocol;

/// <summary>
/// What Kestrel receives into. Its own blocks hold 4 KiB: a tensor of 600 kB comes in 150 pieces then, each with its way through the kernel and from thread to
/// thread. Large ones are there for a number of connections that has nothing to do with how many there are; the others get small ones.
/// </summary>
internal sealed class ReceiveBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    public const int BlockBytes = 64 * 1024;
    public const int MostBlocks = 128;

    private readonly object _gate = new();
    private readonly Stack<Block> _free = [];
    private int _made;

    public override int MaxBufferSize => BlockBytes;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        lock (_gate)
        {
            if (_free.TryPop(out var block)) return block;
            if (_made < MostBlocks)
            {
                _made++;
                return new Block(this);
            }
        }
        return Shared.Rent(minBufferSize);
    }

    // Kestrel disposes of what it was given once for each endpoint.
    protected override void Dispose(bool disposing)
    {
    }

    // Pinned for good, so that the kernel need not pin it for each receive.
    private sealed class Block(ReceiveBlocks pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose()
        {
            lock (pool._gate) pool._free.Push(this);
        }
    }
}
