using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>The library unpacks a compressed message without a bound: here it ends at the limit that holds for every message.</summary>
internal sealed class BoundedDecompression(ICompressionProvider provider, long limit) : ICompressionProvider
{
    public string EncodingName => provider.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => provider.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream) => new Bounded(provider.CreateDecompressionStream(stream), limit);

    private sealed class Bounded(Stream unpacked, long limit) : Stream
    {
        private long _read;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int read;
            try { read = unpacked.Read(buffer); }
            catch (InvalidDataException) { throw new RpcException(new Status(StatusCode.InvalidArgument, "The message is not what its grpc-encoding says.")); }
            return (_read += read) <= limit ? read : throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message has more than {limit} bytes once it is unpacked."));
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) unpacked.Dispose();
            base.Dispose(disposing);
        }
    }
}
