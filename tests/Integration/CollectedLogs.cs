using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ModelPlatform.Tests.Integration;

/// <summary>Every log record of a host under test.</summary>
internal sealed class CollectedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _records = new();

    public IEnumerable<string> Texts => _records.Select(record => record.Text);

    /// <summary>All from warnings on; the note on stand-ins is none of a test's business.</summary>
    public IReadOnlyList<string> Warnings => [.. _records.Where(record => record.Level >= LogLevel.Warning && !record.Text.Contains("stand-ins", StringComparison.Ordinal)).Select(record => record.Text)];

    public ILogger<T> LoggerOf<T>() => LoggerFactory.Create(logging => logging.AddProvider(this)).CreateLogger<T>();

    public ILogger CreateLogger(string categoryName) => new Collector(_records);

    public void Dispose() { }

    private sealed class Collector(ConcurrentQueue<(LogLevel, string)> records) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            records.Enqueue((logLevel, $"{formatter(state, exception)} {exception?.Message}"));
    }
}
