using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Replicas;

/// <summary>What a replica says of itself when it opens its watch.</summary>
/// <param name="Generation">Of the document that it holds; 0 where it holds none.</param>
/// <param name="Run">Tells its process from the one that had its name before.</param>
internal sealed record WatchCall(ReplicaId Replica, string? Address, string? GrpcAddress, int? Pid, long Generation = 0, string? Run = null)
{
    private const int MaxAddress = 256;
    private const int MaxRun = 64;

    // What is published next is above it, and so is all that follows: there must be room, or the document could not be read any more.
    private const long MaxGeneration = DesiredState.MaxGeneration / 2;

    public static bool TryParse(IQueryCollection query, [NotNullWhen(true)] out WatchCall? call, [NotNullWhen(false)] out string? problem)
    {
        call = null;
        problem = null;
        int pid = 0;
        long generation = 0;
        if (!ReplicaId.TryParse(query["replica"], out var replica)) problem = $"'replica' must have 1 to {ReplicaId.MaxLength} printable ASCII characters without '/', and not be '.' or '..'.";
        else if (!IsAddress(query["address"])) problem = "'address' is not an HTTP address.";
        else if (!IsAddress(query["grpcAddress"])) problem = "'grpcAddress' is not an HTTP address.";
        else if (Given(query["pid"]) is { } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out pid)) problem = "'pid' is not a process id.";
        else if (Given(query["generation"]) is { } held && !IsGeneration(held, out generation)) problem = $"'generation' is not a generation: a number, at most {MaxGeneration}.";
        else if (Given(query["run"]) is { Length: > MaxRun }) problem = $"'run' is longer than {MaxRun} characters.";
        else call = new WatchCall(replica, Given(query["address"]), Given(query["grpcAddress"]), Given(query["pid"]) is null ? null : pid, generation, Given(query["run"]));
        return call is not null;
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsGeneration(string text, out long generation) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out generation) && generation <= MaxGeneration;

    private static bool IsAddress(string? text) =>
        Given(text) is null || text!.Length <= MaxAddress && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
