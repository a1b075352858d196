using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Inference.Statistics;
using ModelPlatform.Inference.Tensors;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ModelPlatform.Inference.Execution;

/// <summary>One loaded graph. Runs may overlap; <see cref="Dispose"/> must not overlap with any.</summary>
internal sealed class OnnxSession : IDisposable
{
    // A run of more would leave the session larger for ever than it needs to be: docs/decisions/0008.
    private const int ManyRows = 4;
    private const long ManyBytes = 1 << 20;

    private readonly InferenceSession _session;
    private readonly string[] _outputNames;

    private OnnxSession(InferenceSession session)
    {
        _session = session;
        Inputs = [.. session.InputNames.Select(name => OnnxTypes.SpecOf(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => OnnxTypes.SpecOf(name, session.OutputMetadata[name]))];
        _outputNames = [.. Outputs.Select(output => output.Name)];
    }

    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    public IReadOnlyList<TensorSpec> Inputs { get; }

    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <exception cref="UnfitModelException">The runtime refuses the content.</exception>
    /// <exception cref="IOException">The file cannot be read here and now.</exception>
    /// <exception cref="InsufficientMemoryException">There was not enough memory; another time there may be.</exception>
    public static OnnxSession Load(string path, SessionSetup setup)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = setup.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = setup.IsOptimized ? GraphOptimizationLevel.ORT_DISABLE_ALL : GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (setup.WriteOptimized is { } target) options.OptimizedModelFilePath = target;
        // Threads that spin while they wait take the cores from request handling and from other models.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        setup.Providers.AppendTo(options);
        return OnnxErrors.AtLoad(path, () =>
        {
            var session = new InferenceSession(path, options);
            try { return new OnnxSession(session); }
            catch { session.Dispose(); throw; }
        });
    }

    // Synchronous on purpose: ONNX Runtime computes on this thread, and Task.Run would only hide that.
    // A cancelled run ends before its next operator.
    /// <exception cref="InferenceFault">The inputs are not what the graph can run on.</exception>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, CancellationToken cancelled) =>
        Run(inputs, [1], out _, cancelled)[0];

    /// <summary>The same for the rows of several calls, joined: the outputs of each. Those of a single one may have any number of rows.</summary>
    public Tensor[][] Run(IReadOnlyList<Tensor> inputs, IReadOnlyList<int> rows, out RunTimes times, CancellationToken cancelled)
    {
        var started = Stopwatch.GetTimestamp();
        using var bound = new BoundInputs(inputs);
        // A refused input is the sender's to know, by the exception: he must not be able to fill our logs.
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        if (IsLarge(inputs, rows)) run.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        using var ending = cancelled.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, run);
        try
        {
            var ready = Stopwatch.GetTimestamp();
            using var values = _session.Run(run, bound.Names, bound.Values, _outputNames);
            var ran = Stopwatch.GetTimestamp();
            var outputs = rows.Count == 1 ? [Copy(values)] : Split(values, rows);
            times = new RunTimes(Stopwatch.GetElapsedTime(started, ready), Stopwatch.GetElapsedTime(ready, ran), Stopwatch.GetElapsedTime(ran));
            return outputs;
        }
        catch (OnnxRuntimeException) when (cancelled.IsCancellationRequested) { throw new OperationCanceledException(cancelled); }
        catch (OnnxRuntimeException refusal) { throw OnnxErrors.AtRun(refusal); }
    }

    public void Dispose() => _session.Dispose();

    // Of one call: joined ones are as many rows as is usual here.
    private static bool IsLarge(IReadOnlyList<Tensor> inputs, IReadOnlyList<int> rows) =>
        rows is [> ManyRows] && inputs.Sum(input => (long)input.Data.Length) > ManyBytes;

    private Tensor[] Copy(IReadOnlyCollection<OrtValue> values) => [.. values.Select((value, i) => OnnxTypes.Copy(Outputs[i], value))];

    private Tensor[][] Split(IReadOnlyCollection<OrtValue> values, IReadOnlyList<int> rows)
    {
        var split = values.Select((value, i) => OnnxTypes.Split(Outputs[i], value, rows)).ToList();
        return [.. rows.Select((_, call) => (Tensor[])[.. split.Select(output => output[call])])];
    }
}
