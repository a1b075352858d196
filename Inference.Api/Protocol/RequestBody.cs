using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Primitives;

namespace ModelPlatform.Inference.Protocol;

/// <summary>The whole body of a request, decompressed, in memory that is used again after <see cref="Dispose"/>: nothing may point into it then.</summary>
internal sealed class RequestBody : IDisposable
{
    // What a client announces is believed only so far: memory is taken as bytes come in.
    private const int MostTakenAhead = 1 << 20;
    private const int LeastTaken = 4096;

    private byte[]? _rented;
    private int _length;

    private RequestBody(int capacity) => _rented = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Memory => _rented.AsMemory(0, _length);

    /// <summary>Its length is bounded by the server, before and after decompression, which answers 413 above the limit.</summary>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancelled)
    {
        // Those that are known were taken off together with what they say.
        if (!StringValues.IsNullOrEmpty(request.Headers.ContentEncoding))
            throw new InferenceFault(FaultKind.UnsupportedMedia, "A body may come as it is or with Content-Encoding gzip or deflate.");

        var body = new RequestBody((int)Math.Clamp(request.ContentLength ?? 0, LeastTaken, MostTakenAhead));
        try
        {
            await body.FillAsync(request.BodyReader);
            cancelled.ThrowIfCancellationRequested();
            return body;
        }
        catch (InvalidDataException)
        {
            body.Dispose();
            throw new InferenceFault(FaultKind.InvalidInput, "The body is not what its Content-Encoding says.");
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _length = 0;
        if (Interlocked.Exchange(ref _rented, null) is { } rented) ArrayPool<byte>.Shared.Return(rented);
    }

    // A read that the deadline ends (see UseDeadline) is given back like any other: the server goes on from there.
    private async Task FillAsync(PipeReader body)
    {
        for (ReadResult read = default; !read.IsCompleted;)
        {
            read = await body.ReadAsync(CancellationToken.None);
            foreach (var piece in read.Buffer) Append(piece.Span);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCanceled) throw new OperationCanceledException();
        }
    }

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > _rented!.Length - _length) Grow(_length + (long)piece.Length);
        piece.CopyTo(_rented.AsSpan(_length));
        _length += piece.Length;
    }

    private void Grow(long least)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(least, _rented!.Length * 2L), Array.MaxLength));
        Memory.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }
}
