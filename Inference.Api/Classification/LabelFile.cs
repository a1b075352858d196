using ModelPlatform.Inference.Execution;

namespace ModelPlatform.Inference.Classification;

/// <summary>One label a line; the line's index is the class. Empty lines at the end do not count.</summary>
internal static class LabelFile
{
    private const long MaxBytes = 16 << 20;

    public static IReadOnlyList<string> Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes) throw new UnfitModelException($"The labels are larger than {MaxBytes} bytes.");
        var lines = File.ReadAllLines(path).Select(line => line.TrimEnd()).ToList();
        while (lines is [.., ""]) lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
