using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.EndToEnd.Hosting;

/// <summary>
/// Between ModelSync and the storage: lets so many writes of the desired state pass as the test says, and refuses all further ones. So a ModelSync
/// stops exactly where it has decided on a step and not taken it, and where it has taken one and can take no other.
/// </summary>
internal sealed class DocumentGate : IAsyncDisposable
{
    private readonly TcpProxy _proxy;
    private int _left = int.MaxValue;
    private int _refused;

    /// <param name="storagePort">Of the storage itself.</param>
    public DocumentGate(int storagePort) => _proxy = new TcpProxy(() => storagePort) { Refuses = IsTooMuch };

    public int Port => _proxy.Port;

    /// <summary>Writes that were not let through since the last <see cref="Let"/>.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Let(int writes)
    {
        Volatile.Write(ref _refused, 0);
        Volatile.Write(ref _left, writes);
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private bool IsTooMuch(string request)
    {
        // Not what a new leader does first: that touches the metadata only.
        if (!request.StartsWith("PUT ", StringComparison.Ordinal) || !request.Contains($"/{RepositoryLayout.DesiredState} HTTP", StringComparison.Ordinal)) return false;
        if (Interlocked.Decrement(ref _left) >= 0) return false;
        Interlocked.Increment(ref _refused);
        return true;
    }
}
