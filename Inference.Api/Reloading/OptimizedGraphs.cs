using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// Graphs as the runtime has optimised them for this machine, each beside its original in the cache: to load one takes half of the processor time
/// and of the memory. They are only copies: one that is damaged or not understood is made anew of its original.
/// </summary>
internal sealed partial class OptimizedGraphs(VersionCache cache, IOptions<CacheOptions> options, ILogger<OptimizedGraphs> logger)
{
    // No file of a version can have a name with this character.
    private const string Mark = "~optimized-";

    // What it grows by must not take it across the limit of protobuf.
    private const long MaxBytes = int.MaxValue / 2;

    // Of the operators that only the runtime itself puts into a graph.
    private static readonly string[] OwnDomains = ["com.microsoft.nchwc", "com.ms.internal.nhwc"];

    public OnnxSession Load(PreparedVersion version, SessionSetup setup)
    {
        if (!IsKept(version, setup) || GraphKey.OfThisMachine() is not { } key) return OnnxSession.Load(version.ModelFile, setup);
        return TryLoadKept(version, key, setup) ?? LoadAndKeep(version, key, setup);
    }

    // What other providers make of a graph cannot be written down. External data would have to be written again.
    private bool IsKept(PreparedVersion version, SessionSetup setup) =>
        options.Value.KeepOptimized && setup.Providers.IsCpuOnly && !version.Summary.HasExternalData && new FileInfo(version.ModelFile).Length <= MaxBytes;

    private OnnxSession? TryLoadKept(PreparedVersion version, string key, SessionSetup setup)
    {
        if (Kept(version, key).FirstOrDefault() is not { } kept) return null;
        try
        {
            if (NameOf(key, kept) != Path.GetFileName(kept)) throw new UnfitModelException("It is damaged.");
            OnnxFile.Vet(kept, new HashSet<FilePath>(), OwnDomains);
            return OnnxSession.Load(kept, setup with { IsOptimized = true });
        }
        catch (Exception failure) when (failure is UnfitModelException or IOException or UnauthorizedAccessException)
        {
            Log.MadeAnew(logger, version.Id, ReasonOf(failure));
            return null;
        }
    }

    private OnnxSession LoadAndKeep(PreparedVersion version, string key, SessionSetup setup)
    {
        string? folder = null;
        OnnxSession? session = null;
        try
        {
            foreach (var useless in Kept(version, key)) File.Delete(useless);
            folder = cache.Begin(version.Identity);
            var written = Path.Combine(folder, RepositoryLayout.ModelFileName);
            session = OnnxSession.Load(version.ModelFile, setup with { WriteOptimized = written });
            // Replicas on one machine may do this at the same time: the name says the content, and whoever comes last changes nothing.
            File.Move(written, Path.Combine(version.Folder, NameOf(key, written)), overwrite: true);
        }
        // Also where the model itself is to blame: that is found out once more, without writing.
        catch (Exception failure) when (failure is UnfitModelException or IOException or UnauthorizedAccessException or InsufficientMemoryException)
        {
            session ??= OnnxSession.Load(version.ModelFile, setup);
            Log.NotKept(logger, version.Id, ReasonOf(failure));
        }
        finally
        {
            if (folder is not null) VersionCache.Discard(folder);
        }
        return session;
    }

    private static string[] Kept(PreparedVersion version, string key) => Directory.GetFiles(version.Folder, $"{Mark}{key}-*");

    private static string NameOf(string key, string file) => $"{Mark}{key}-{new FileInfo(file).Length}-{FileChecksum.Of(file):x8}.onnx";

    private static string ReasonOf(Exception failure) => failure is UnfitModelException ? failure.Message : LoadFailure.ReasonOf(failure);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The optimised graph of {Model} cannot be used and is made anew: {Reason}")]
        public static partial void MadeAnew(ILogger logger, ModelId model, string reason);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The optimised graph of {Model} cannot be kept; each load optimises again: {Reason}")]
        public static partial void NotKept(ILogger logger, ModelId model, string reason);
    }
}
