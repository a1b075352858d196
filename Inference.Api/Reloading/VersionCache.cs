using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Versions on disk, each in a folder named by its digest, which appears whole or not at all. Nothing in it is trusted: it is verified before each load.
/// </summary>
internal sealed class VersionCache(IOptions<CacheOptions> options)
{
    private const string Unfinished = ".tmp-";

    private string Root => options.Value.Directory;

    public string FolderOf(Identity identity) => Path.Combine(Root, identity.Digest.ToString());

    public bool Has(Identity identity) => Directory.Exists(FolderOf(identity));

    /// <summary>A new folder to download into.</summary>
    public string Begin(Identity identity)
    {
        CreatePrivate(Root);
        var folder = Path.Combine(Root, $"{Unfinished}{identity.Digest}-{Guid.NewGuid():n}");
        CreatePrivate(folder);
        return folder;
    }

    /// <summary>Makes a finished download visible under its digest.</summary>
    public void Commit(string folder, Identity identity)
    {
        // Another replica on this machine may have been faster: its folder is as good as ours.
        try { Directory.Move(folder, FolderOf(identity)); }
        catch (IOException) when (Has(identity)) { Directory.Delete(folder, recursive: true); }
    }

    public static void Discard(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Notes the use of a version and makes room by deleting what was unused for longest.</summary>
    public void Trim(IReadOnlySet<Identity> keep)
    {
        foreach (var identity in keep.Where(Has)) Directory.SetLastWriteTimeUtc(FolderOf(identity), DateTime.UtcNow);

        var folders = new DirectoryInfo(Root).EnumerateDirectories().OrderBy(folder => folder.LastWriteTimeUtc).ToList();
        var kept = keep.Select(identity => identity.Digest.ToString()).ToHashSet();
        var total = folders.Sum(SizeOf);
        foreach (var folder in folders.Where(folder => !kept.Contains(folder.Name) && !folder.Name.StartsWith(Unfinished, StringComparison.Ordinal)))
        {
            if (total <= options.Value.MaxBytes) return;
            total -= SizeOf(folder);
            Discard(folder.FullName);
        }
    }

    private static long SizeOf(DirectoryInfo folder) => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
