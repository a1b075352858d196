using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol;

internal sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>How long requests are still accepted after the order to stop, while readiness says no: as long as others need to see that.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")] public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class DrainOptionsValidator : IValidateOptions<DrainOptions>;

/// <summary>
/// The end of a replica: readiness is withdrawn first, requests are served on until nobody sends any more, what is under way is finished,
/// and only then the process ends.
/// </summary>
internal sealed partial class Drain(IOptions<DrainOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IDisposable
{
    // A stream has nothing left to do but to say that it ends.
    private static readonly TimeSpan PatienceWithStreams = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<Stream, Task> _streams = [];

    /// <summary>Streams, which would go on for ever, take nothing new any more once this is cancelled.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>The server does not close connections before the stream's end was sent.</summary>
    public void AwaitEndOf(HttpResponse stream) => stream.RegisterForDispose(new Stream(_streams));

    /// <summary>The server stops listening after this.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Pause > TimeSpan.Zero)
        {
            Log.Draining(logger, options.Value.Pause);
            await Task.Delay(options.Value.Pause, time, cancellationToken);
        }
        await _over.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_streams.Values), Task.Delay(PatienceWithStreams, time, cancellationToken));
    }

    public void Dispose() => _over.Dispose();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed class Stream : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<Stream, Task> _open;

        public Stream(ConcurrentDictionary<Stream, Task> open)
        {
            _open = open;
            open[this] = _ended.Task;
        }

        public void Dispose()
        {
            _open.TryRemove(this, out _);
            _ended.TrySetResult();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Shutting down: not ready any more, requests are served for another {Pause}.")]
        public static partial void Draining(ILogger logger, TimeSpan pause);
    }
}

internal static class Draining
{
    // What stands between the last answer and the end of the process: sessions, exporters.
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(5);

    public static void AddDrain(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DrainOptions, DrainOptionsValidator>().BindConfiguration(DrainOptions.Section);
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>, IOptions<ProtocolOptions>>((host, drain, limits) =>
            host.ShutdownTimeout = drain.Value.Pause + limits.Value.Deadline + Tidying);
    }

    /// <summary>Connections are kept for many requests: their owners are told to open new ones, which lead elsewhere.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (stopping.IsCancellationRequested) AskToLeave(context);
            return next(context);
        });
    }

    private static void AskToLeave(HttpContext context)
    {
        // HTTP/2 has no such header: the server tells the owner (GOAWAY), and the connection ends with the streams that are on it.
        if (HttpProtocol.IsHttp2(context.Request.Protocol)) context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        else context.Response.Headers.Connection = "close";
    }
}
