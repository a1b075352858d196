using System.Diagnostics.Metrics;

namespace ModelPlatform.Sync.Health;

/// <summary>
/// For a client whose measurements nobody is to read: they carry the address that was called, and of every replica that there ever was a dozen series would be left.
/// </summary>
internal sealed class UnreadMeters : IMeterFactory
{
    private readonly Meter _unread = new("ModelPlatform.Unread");

    public Meter Create(MeterOptions options) => _unread;

    public void Dispose() => _unread.Dispose();
}
