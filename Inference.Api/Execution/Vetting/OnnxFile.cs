using System.IO.MemoryMappedFiles;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Execution.Vetting;

/// <summary>What the vetting of a model file found out about it.</summary>
/// <param name="EndsInSoftmax">Whether the node that makes the first output is a softmax.</param>
/// <param name="HasExternalData">Whether weights lie in other files.</param>
internal sealed record OnnxSummary(bool EndsInSoftmax, bool HasExternalData);

/// <summary>Looks through a model file before the runtime sees it.</summary>
internal static class OnnxFile
{
    /// <param name="files">The files of the version; external data may lie in these and nowhere else.</param>
    /// <param name="domains">Of operators that may occur besides the usual ones.</param>
    /// <exception cref="UnfitModelException">The file is not to be loaded, and why.</exception>
    public static unsafe OnnxSummary Vet(string path, IReadOnlySet<FilePath> files, params IEnumerable<string> domains)
    {
        var bytes = new FileInfo(path).Length;
        if (bytes > int.MaxValue) throw new UnfitModelException("The model file is larger than protobuf allows; keep its weights in external data.");
        if (bytes == 0) throw new UnfitModelException("The model file is empty.");

        using var mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = mapped.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try { return OnnxGraph.Vet(new ReadOnlySpan<byte>(start, (int)bytes), files, domains); }
        finally { view.SafeMemoryMappedViewHandle.ReleasePointer(); }
    }
}
