using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace ModelPlatform.Inference.Execution;

/// <summary>Sorts the runtime's failures into wrong content, wrong input and want of memory. It throws one type for all of them.</summary>
internal static partial class OnnxErrors
{
    public static T AtLoad<T>(string path, Func<T> load)
    {
        try { return load(); }
        catch (OnnxRuntimeException failure) when (IsUnreadable(failure.Message)) { throw new IOException("The runtime cannot read the model file."); }
        catch (OnnxRuntimeException failure) when (IsWantOfMemory(failure.Message)) { throw new InsufficientMemoryException(Brief(failure.Message)); }
        catch (OnnxRuntimeException failure) { throw new UnfitModelException($"The runtime refuses the model: {Brief(Without(path, failure.Message))}"); }
    }

    public static InferenceFault AtRun(OnnxRuntimeException failure) => IsWantOfMemory(failure.Message)
        ? new InferenceFault(FaultKind.Overloaded, "There is not enough memory for this request.")
        : new InferenceFault(FaultKind.InvalidInput, $"The model cannot run on these inputs: {Brief(failure.Message)}");

    // It was verified a moment ago: evicted by another replica, or there are too many open files. The content is not to blame.
    private static bool IsUnreadable(string message) =>
        message.StartsWith("[ErrorCode:NoSuchFile]", StringComparison.Ordinal) || message.Contains("system error number", StringComparison.Ordinal);

    private static bool IsWantOfMemory(string message) =>
        message.Contains("bad_alloc", StringComparison.Ordinal) || message.Contains("Failed to allocate memory", StringComparison.Ordinal);

    // Wherever it stands and whatever stands around it: a folder may have spaces in its name.
    private static string Without(string path, string message) =>
        Path.GetDirectoryName(path) is { Length: > 1 } folder ? message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal) : message;

    // "[ErrorCode:Fail] Load model from /cache/ab…/model.onnx failed:Protobuf parsing failed." The path is of no use outside this machine.
    private static string Brief(string message)
    {
        var start = message.StartsWith("[ErrorCode:", StringComparison.Ordinal) ? message.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var words = SourcePlace().Replace(message[start..], " ").ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var text = string.Join(' ', words.Select(word => Path.IsPathRooted(word) ? Path.GetFileName(word) : word));
        return text.Length <= 400 ? text : text[..400] + "…";
    }

    // "/onnxruntime_src/onnxruntime/core/graph/model_load_utils.h:46 void onnxruntime::…(…, int) " stands before the reason and hides it.
    [GeneratedRegex(@"/onnxruntime_src/\S+:\d+ [^(]*\(.*?\)( const)? ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SourcePlace();
}
