namespace ModelPlatform.Cli;

/// <summary>What scripts may rely on; <see cref="HelpPage"/> tells people.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>The model is invalid, the version is committed already, or what was to be deleted is wanted.</summary>
    public const int Refused = 3;

    /// <summary>Storage or server do not answer, or do not let us in.</summary>
    public const int Unreachable = 4;

    /// <summary>Some replica does not serve what it is to serve (<c>status --check</c>).</summary>
    public const int Unsettled = 5;

    /// <summary>What shells expect after Ctrl+C.</summary>
    public const int Interrupted = 130;
}
