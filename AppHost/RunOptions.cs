namespace ModelPlatform.AppHost;

/// <summary>--keep has no value, and configuration would take the next argument for it.</summary>
internal static class RunOptions
{
    private const string KeepOption = "--keep";

    public static bool Keep(string[] args) => args.Contains(KeepOption);

    public static string[] Configuration(string[] args) => [.. args.Where(arg => arg != KeepOption)];
}
