using System.Security.Cryptography;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Publishing;

/// <summary>A file of the folder to publish: its path below it with '/', and its size.</summary>
internal sealed record FolderFile(string Path, long Bytes);

/// <summary>The folder to publish as it is on disk; nothing in it is ever changed.</summary>
internal sealed class ModelFolder(string root)
{
    // Hidden files (.git, .DS_Store) stay at home. Links are followed; the depth ends one that leads back.
    private static readonly EnumerationOptions Visible = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, IgnoreInaccessible = false };

    public IReadOnlyList<FolderFile> List() =>
    [
        .. new DirectoryInfo(root).EnumerateFiles("*", Visible)
            .Select(file => new FolderFile(Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), SizeOf(file)))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    /// <summary>The author's model.json, without the list of files; null where there is none.</summary>
    public byte[]? ReadDraft() => File.Exists(PathOf(RepositoryLayout.Manifest)) ? File.ReadAllBytes(PathOf(RepositoryLayout.Manifest)) : null;

    public async Task<HashedFile> HashAsync(PlannedFile file, CancellationToken cancelled)
    {
        await using var content = OpenRead(file);
        var written = File.GetLastWriteTimeUtc(PathOf(file.Path));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        long bytes = 0;
        for (int read; (read = await content.ReadAsync(buffer, cancelled)) > 0; bytes += read) hash.AppendData(buffer.AsSpan(0, read));
        return bytes == file.Bytes ? new HashedFile(file, Sha256Digest.Of(hash), written) : throw Changed(file);
    }

    public FileStream OpenRead(PlannedFile file) =>
        new(PathOf(file.Path), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });

    /// <summary>What was uploaded must be what was hashed: a file written meanwhile would make a version that every replica refuses.</summary>
    public void RequireUnchanged(HashedFile file)
    {
        var now = new FileInfo(PathOf(file.File.Path));
        if (SizeOf(now) != file.File.Bytes || now.LastWriteTimeUtc != file.Written) throw Changed(file.File);
    }

    private string PathOf(FilePath path) => Path.Combine(root, path.ToString());

    // Of a link, the size is that of its target's name.
    private static long SizeOf(FileInfo file) => file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;

    private static CommandFailure Changed(PlannedFile file) => new(ExitCode.Failed, $"{file.Path} was changed while it was being published; nothing was committed.");
}
