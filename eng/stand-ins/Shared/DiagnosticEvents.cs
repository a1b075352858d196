using System.Diagnostics;

namespace OpenTelemetry.Instrumentation;

/// <summary>Receives some events of one of the framework's diagnostic listeners until it is disposed.</summary>
internal sealed class DiagnosticEvents : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly string _listener;
    private readonly Dictionary<string, Action<Activity, object?>> _receivers;
    private readonly List<IDisposable> _subscriptions = [];

    /// <summary>The receivers are called with the current activity, if somebody wants its content.</summary>
    public DiagnosticEvents(string listener, Dictionary<string, Action<Activity, object?>> receivers)
    {
        _listener = listener;
        _receivers = receivers;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public static T? Read<T>(object? payload, string property) where T : class => payload?.GetType().GetProperty(property)?.GetValue(payload) as T;

    public static void Drop(Activity activity)
    {
        activity.IsAllDataRequested = false;
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == _listener)
        {
            lock (_subscriptions)
                _subscriptions.Add(value.Subscribe(this, (name, _, _) => _receivers.Keys.Any(key => key.StartsWith(name, StringComparison.Ordinal))));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is { IsAllDataRequested: true } activity && _receivers.TryGetValue(value.Key, out var receive))
            receive(activity, value.Value);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        lock (_subscriptions)
            _subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
