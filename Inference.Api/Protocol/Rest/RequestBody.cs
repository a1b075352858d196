using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace ModelPlatform.Inference.Protocol.Rest;

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

        // A byte more than is announced, to see the end without another array.
        var body = new RequestBody((int)Math.Clamp((request.ContentLength ?? 0) + 1, LeastTaken, MostTakenAhead));
        try
        {
            await body.FillAsync(request.Body);
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

    private async Task FillAsync(Stream body)
    {
        // Ended by the deadline, and not by the token: see UseDeadline.
        while (await body.ReadAsync(_rented.AsMemory(_length), CancellationToken.None) is > 0 and var read)
        {
            _length += read;
            if (_length == _rented!.Length) Grow();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_rented!.Length * 2L, Array.MaxLength));
        Memory.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }
}
