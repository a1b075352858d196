using System.Diagnostics;
using System.Net.Sockets;
using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Load;

/// <summary>Sends and receives on one thread, since every microsecond it takes is one that the server on the same cores does not get.</summary>
internal sealed class LoadLoop : IDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private readonly LoadPlan _plan;
    private readonly Func<double> _cpu;
    private readonly Connection[] _connections;
    private readonly Polling.Watched[] _watched;
    private readonly Queue<long> _waiting = new();
    private readonly Latencies _answered = new();
    private readonly Latencies _refused = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _failed;
    private string? _failure;
    private TimeSpan _nextDue;
    private double _cpuBefore;
    private double _cpuAfter;
    private TimeSpan _opened;
    private TimeSpan _closed;

    private LoadLoop(HttpCall call, LoadPlan plan, Func<double> cpu)
    {
        (_plan, _cpu) = (plan, cpu);
        _connections = [.. Enumerable.Range(0, plan.Connections).Select(_ => new Connection(call))];
        _watched = new Polling.Watched[plan.Connections];
        if (plan.Arrivals is not null) _nextDue = plan.Arrivals.Next();
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    private bool IsMeasured => _opened != default && _closed == default;

    /// <param name="cpu">Milliseconds that the server's processes have taken so far.</param>
    /// <param name="stopping">Ends the measured time early.</param>
    public static Task<LoadResult> RunAsync(HttpCall call, LoadPlan plan, Func<double> cpu, CancellationToken stopping = default) => Task.Factory.StartNew(
        () =>
        {
            using var loop = new LoadLoop(call, plan, cpu);
            return loop.Run(stopping);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    private LoadResult Run(CancellationToken stopping)
    {
        while (true)
        {
            var now = Now;
            if (_opened == default && now >= _plan.WarmUp) Open(now);
            if (IsMeasured && (now >= _opened + _plan.Measured || _answered.Count >= _plan.Answers || stopping.IsCancellationRequested)) Close(now);
            if (_closed != default && (Array.TrueForAll(_connections, connection => !connection.IsBusy) || now > _closed + DrainLimit)) break;
            if (_closed == default) BeginDue(now);
            Polling.Wait(Watch(), Patience(Now));
            Advance();
        }
        return new LoadResult(_closed - _opened, _answered, _refused, _failed, _failure, _cpuAfter - _cpuBefore);
    }

    private void Open(TimeSpan now) => (_opened, _cpuBefore) = (now, _cpu());

    private void Close(TimeSpan now) => (_closed, _cpuAfter) = (now, _cpu());

    private void BeginDue(TimeSpan now)
    {
        if (_plan.Arrivals is { } arrivals)
        {
            for (; _nextDue <= now; _nextDue = arrivals.Next()) _waiting.Enqueue(_start + (long)(_nextDue.TotalSeconds * Stopwatch.Frequency));
        }
        foreach (var connection in _connections)
        {
            if (connection.IsBusy) continue;
            if (_plan.Arrivals is null) Try(connection, Stopwatch.GetTimestamp());
            else if (_waiting.TryDequeue(out var due)) Try(connection, due);
            else break;
        }
    }

    private void Try(Connection connection, long due)
    {
        try { connection.Begin(due); }
        catch (SocketException broken) { Fail(connection, broken.Message); }
    }

    private Polling.Watched[] Watch()
    {
        for (var i = 0; i < _connections.Length; i++)
        {
            var connection = _connections[i];
            // A negative descriptor is passed over.
            _watched[i].Descriptor = connection.IsBusy ? connection.Descriptor : -1;
            _watched[i].Wanted = connection.IsSending ? (short)(Polling.Readable | Polling.Writable) : Polling.Readable;
            _watched[i].Ready = 0;
        }
        return _watched;
    }

    private TimeSpan Patience(TimeSpan now)
    {
        var next = _opened == default ? _plan.WarmUp : _closed == default ? _opened + _plan.Measured : _closed + DrainLimit;
        if (_closed == default && _plan.Arrivals is not null && _nextDue < next) next = _nextDue;
        var wait = next - now;
        // Whoever ends the measured time early does not wake it.
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromMilliseconds(50) ? TimeSpan.FromMilliseconds(50) : wait;
    }

    private void Advance()
    {
        for (var i = 0; i < _connections.Length; i++)
        {
            if (_watched[i].Ready == 0) continue;
            var connection = _connections[i];
            try
            {
                var status = connection.Advance();
                if (status != 0) Count(status, Stopwatch.GetElapsedTime(connection.Due));
            }
            catch (SocketException broken) { Fail(connection, broken.Message); }
        }
    }

    private void Count(int status, TimeSpan latency)
    {
        if (!IsMeasured) return;
        if (status == 200) _answered.Add(latency);
        else if (status is 503 or 429) _refused.Add(latency);
        else
        {
            _failed++;
            _failure ??= $"status {status}";
        }
    }

    private void Fail(Connection connection, string reason)
    {
        _failed++;
        _failure ??= reason;
        connection.Reset();
    }
}
