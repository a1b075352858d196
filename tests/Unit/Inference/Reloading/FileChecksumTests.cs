using System.Text;
using ModelPlatform.Inference.Reloading;

namespace ModelPlatform.Tests.Unit.Inference.Reloading;

public sealed class FileChecksumTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    // The check value of CRC-32C, and one from RFC 3720 B.4.
    [Theory]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("", 0)]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 0x8A9136AA)]
    public void It_is_the_usual_one(string content, uint checksum)
    {
        File.WriteAllBytes(_file, Encoding.ASCII.GetBytes(content));
        Assert.Equal(checksum, FileChecksum.Of(_file));
    }

    [Fact]
    public void No_byte_of_a_long_file_goes_unseen()
    {
        var content = new byte[(1 << 17) + 13];
        File.WriteAllBytes(_file, content);
        var before = FileChecksum.Of(_file);
        foreach (var place in new[] { 0, 1 << 16, (1 << 17) - 1, 1 << 17, content.Length - 1 })
        {
            content[place] = 1;
            File.WriteAllBytes(_file, content);
            Assert.NotEqual(before, FileChecksum.Of(_file));
            content[place] = 0;
        }
    }
}
