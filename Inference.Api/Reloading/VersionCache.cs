using Microsoft.Extensions.Options;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Versions on disk, each in a folder named by its digest, which appears whole or not at all. Nothing in it is trusted: it is verified before each load.
/// </summary>
internal sealed class VersionCache(IOptions<CacheOptions> options) : IDisposable
{
    private const string Unfinished = ".tmp-";

    // Where files cannot be locked against other machines, their folders look as if nobody had them: longer than a download ever stands still.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    private readonly CacheOwner _owner = new(options.Value.Directory);

    private string Root => options.Value.Directory;

    public string FolderOf(Identity identity) => Path.Combine(Root, identity.Digest.ToString());

    public bool Has(Identity identity) => Directory.Exists(FolderOf(identity));

    /// <summary>A new folder to download into.</summary>
    public string Begin(Identity identity)
    {
        CreatePrivate(Root);
        _owner.Appear();
        var folder = Path.Combine(Root, $"{Unfinished}{_owner.Name}-{identity.Digest}-{Guid.NewGuid():n}");
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
        foreach (var identity in keep.Where(Has)) IfThere(() => Directory.SetLastWriteTimeUtc(FolderOf(identity), DateTime.UtcNow));

        // What nobody is at any more is no reason to let a version go.
        var all = Folders();
        var orphans = all.Where(folder => IsUnfinished(folder) && !_owner.IsAlive(folder.Name[Unfinished.Length..])).ToList();
        foreach (var folder in orphans.Where(folder => DateTime.UtcNow - LastChange(folder) > Quiet)) IfThere(() => Discard(folder.FullName));
        _owner.ForgetGone();

        var folders = all.Except(orphans).ToList();
        var kept = keep.Select(identity => identity.Digest.ToString()).ToHashSet();
        var total = folders.Sum(SizeOf);
        foreach (var folder in folders.Where(folder => !kept.Contains(folder.Name) && !IsUnfinished(folder)))
        {
            if (total <= options.Value.MaxBytes) return;
            total -= SizeOf(folder);
            IfThere(() => Discard(folder.FullName));
        }
    }

    public void Dispose() => _owner.Dispose();

    private List<DirectoryInfo> Folders()
    {
        var root = new DirectoryInfo(Root);
        return root.Exists ? [.. root.EnumerateDirectories().OrderBy(folder => folder.LastWriteTimeUtc)] : [];
    }

    private static bool IsUnfinished(DirectoryInfo folder) => folder.Name.StartsWith(Unfinished, StringComparison.Ordinal);

    private static DateTime LastChange(DirectoryInfo folder) => Files(folder).Select(file => file.LastWriteTimeUtc).Append(folder.LastWriteTimeUtc).Max();

    private static long SizeOf(DirectoryInfo folder)
    {
        var bytes = 0L;
        foreach (var file in Files(folder)) IfThere(() => bytes += file.Length);
        return bytes;
    }

    private static List<FileInfo> Files(DirectoryInfo folder)
    {
        List<FileInfo> files = [];
        IfThere(() => files = [.. folder.EnumerateFiles("*", SearchOption.AllDirectories)]);
        return files;
    }

    // Another replica may finish, discard or evict the same folder at any moment.
    private static void IfThere(Action act)
    {
        try { act(); }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException) { }
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
