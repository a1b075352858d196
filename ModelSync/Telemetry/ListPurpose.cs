namespace ModelPlatform.Sync.Telemetry;

/// <summary>What a list call is for: each is billed.</summary>
internal enum ListPurpose
{
    /// <summary>What the repository offers: the whole container.</summary>
    Repository,

    /// <summary>The files of the history, at the first look and where they are others.</summary>
    History,

    /// <summary>Whether there is a model that somebody wishes something of.</summary>
    Wish,
}
