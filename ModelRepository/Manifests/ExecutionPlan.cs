using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Manifests;

/// <summary>How a session runs; what is left out is the server's default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExecutionPlan
{
    /// <summary>Where the numbers come from that are not given.</summary>
    public ExecutionProfile? Profile { get; init; }

    /// <summary>Threads of one run; 1 to 256.</summary>
    public int? IntraOpThreads { get; init; }

    /// <summary>Runs at the same time; 1 to 256.</summary>
    public int? Concurrency { get; init; }
}

/// <summary>How requests share a run; what is left out is the server's default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BatchingPlan
{
    /// <summary>Rows of one run; 1 to 4096.</summary>
    public int? MaxRows { get; init; }

    /// <summary>How long a request may wait for others; 0 to 1 s.</summary>
    public TimeSpan? MaxDelay { get; init; }
}
