using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

internal sealed class ReadinessOptions
{
    public const string Section = "Readiness";

    /// <summary>How long a version may fail to download or load, or stay in its load once it is downloaded, before a starting replica stops waiting for it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether a replica with nothing to serve is ready.</summary>
    public bool AllowEmpty { get; set; }
}

[OptionsValidator]
internal sealed partial class ReadinessOptionsValidator : IValidateOptions<ReadinessOptions>;

/// <param name="Hopeless">Every version that could be served was rejected.</param>
/// <param name="RetryingSince">Timestamp of the first of a row of failures, or of the begin of a load that has not ended; null where there is none.</param>
internal sealed record ModelStanding(ModelName Name, bool Served, bool Hopeless, long? RetryingSince);

/// <summary>
/// Whether this replica should get requests, judged from what it knows itself. Once ready it stays ready through every reload, so that one bad
/// upload cannot take replicas out, until it is told to stop.
/// </summary>
internal sealed class ReadinessBoard(IOptions<ReadinessOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private volatile IReadOnlyList<ModelStanding>? _standings;
    private volatile bool _wasReady;

    public void Report(IReadOnlyList<ModelStanding> standings) => _standings = standings;

    /// <summary>Null when ready, else the reason why not.</summary>
    public string? Obstacle()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "It is shutting down.";
        if (_wasReady) return null;
        var obstacle = Judge(_standings);
        _wasReady = obstacle is null;
        return obstacle;
    }

    private string? Judge(IReadOnlyList<ModelStanding>? standings)
    {
        if (standings is null) return "No desired state was read yet.";
        if (standings.Count == 0) return options.Value.AllowEmpty ? null : "There is no model to serve.";
        return standings.FirstOrDefault(IsOpen) is { } open ? $"Model '{open.Name}' is not loaded yet." : null;
    }

    private bool IsOpen(ModelStanding model) =>
        !model.Served && !model.Hopeless && !(model.RetryingSince is { } since && time.GetElapsedTime(since) >= options.Value.LoadTimeout);
}
