using System.Buffers;
using ModelPlatform.Inference.Protocol;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

public sealed class ReceiveBlocksTests
{
    [Fact]
    public void A_block_that_was_given_back_is_used_again()
    {
        using var blocks = new ReceiveBlocks();
        var first = blocks.Rent(4096);
        var memory = first.Memory;
        Assert.Equal(ReceiveBlocks.BlockBytes, memory.Length);
        first.Dispose();
        Assert.True(blocks.Rent(4096).Memory.Equals(memory));
    }

    [Fact]
    public void Only_so_many_are_large_however_many_connections_there_are()
    {
        using var blocks = new ReceiveBlocks();
        var rented = Enumerable.Range(0, 2 * ReceiveBlocks.MostBlocks).Select(_ => blocks.Rent(4096)).ToList();
        Assert.Equal(ReceiveBlocks.MostBlocks, rented.Count(block => block.Memory.Length == ReceiveBlocks.BlockBytes));
        Assert.All(rented.Skip(ReceiveBlocks.MostBlocks), block => Assert.Equal(4096, block.Memory.Length));

        foreach (var block in rented) block.Dispose();
        Assert.Equal(ReceiveBlocks.BlockBytes, blocks.Rent(4096).Memory.Length);
    }

    [Fact]
    public void One_endpoint_that_is_closed_takes_nothing_from_the_others()
    {
        using var blocks = new ReceiveBlocks();
        blocks.Create().Dispose();
        Assert.Equal(ReceiveBlocks.BlockBytes, blocks.Create().Rent(4096).Memory.Length);
    }
}
