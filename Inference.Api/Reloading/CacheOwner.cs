namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// This process in a cache that several may share: a file that it keeps locked for as long as it lives. Of what is named after one whose file can be locked
/// by others nobody takes care any more, however it ended.
/// </summary>
internal sealed class CacheOwner(string root) : IDisposable
{
    private const string Prefix = ".owner-";

    private FileStream? _lock;

    public string Name { get; } = $"{Guid.NewGuid():n}";

    /// <summary>To be called before anything is named after it; the folder must be there.</summary>
    public void Appear()
    {
        var path = FileOf(Name);
        if (_lock is not null && File.Exists(path)) return;
        _lock?.Dispose();
        _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
    }

    /// <param name="named">Begins with the name of its owner.</param>
    public bool IsAlive(string named) => named.StartsWith(Name, StringComparison.Ordinal) || (named.Length > Name.Length && IsLocked(FileOf(named[..Name.Length])));

    /// <summary>Takes away the files of those who are gone.</summary>
    public void ForgetGone()
    {
        if (!Directory.Exists(root)) return;
        foreach (var file in Directory.GetFiles(root, $"{Prefix}*").Where(file => file != FileOf(Name) && !IsLocked(file))) File.Delete(file);
    }

    public void Dispose() => _lock?.Dispose();

    private static bool IsLocked(string file)
    {
        try
        {
            using var _ = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException) { return false; }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException) { return true; }
    }

    private string FileOf(string name) => Path.Combine(root, Prefix + name);
}
