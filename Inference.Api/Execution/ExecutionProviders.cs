using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ModelPlatform.Inference.Execution;

/// <summary>
/// What computes: the processor, or what else the runtime's library was built for, in the order of preference. Whatever one of them cannot do,
/// the next one does, and the processor in the end.
/// </summary>
internal sealed class ExecutionProviders
{
    public const string Cpu = "CPU";

    // "TensorrtExecutionProvider" is called TensorRT by everybody else.
    private const string Suffix = "ExecutionProvider";

    private readonly string[] _names;

    private ExecutionProviders(IEnumerable<string> names) => _names = [.. names];

    public static ExecutionProviders CpuOnly { get; } = new([Cpu]);

    public bool IsCpuOnly => _names is [Cpu];

    /// <summary>Those of a setting that was valid at the start.</summary>
    public static ExecutionProviders Of(string names)
    {
        if (names == Cpu) return CpuOnly;
        return TryParse(names, OrtEnv.Instance().GetAvailableProviders(), out var problem) ?? throw new InvalidOperationException(problem);
    }

    /// <param name="names">Separated by commas.</param>
    /// <param name="offered">As the library names them.</param>
    /// <param name="problem">Names what is wrong, and what there would be.</param>
    public static ExecutionProviders? TryParse(string names, IEnumerable<string> offered, out string problem)
    {
        var known = offered.Select(name => name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name).ToList();
        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var missing = wanted.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase));
        problem = missing is null ? "It must name at least one." : $"This build of ONNX Runtime does not offer '{missing}'; it offers {string.Join(", ", known)}.";
        if (missing is not null || wanted.Length == 0) return null;
        return new ExecutionProviders(wanted.Select(name => known.First(other => other.Equals(name, StringComparison.OrdinalIgnoreCase))));
    }

    /// <exception cref="OnnxRuntimeException">One is offered and cannot be used: its driver is missing, or the device.</exception>
    public void AppendTo(SessionOptions options)
    {
        foreach (var name in _names) Append(options, name);
    }

    public override string ToString() => string.Join(',', _names);

    private static void Append(SessionOptions options, string name)
    {
        switch (name)
        {
            case Cpu: break;   // always there, behind all others
            case "CUDA": options.AppendExecutionProvider_CUDA(); break;
            case "Tensorrt": options.AppendExecutionProvider_Tensorrt(); break;
            case "OpenVINO": options.AppendExecutionProvider_OpenVINO(); break;
            case "ROCM": options.AppendExecutionProvider_ROCm(); break;
            case "MIGraphX": options.AppendExecutionProvider_MIGraphX(); break;
            case "Dml": options.AppendExecutionProvider_DML(); break;
            case "Dnnl": options.AppendExecutionProvider_Dnnl(); break;
            default: options.AppendExecutionProvider(name); break;
        }
    }
}
