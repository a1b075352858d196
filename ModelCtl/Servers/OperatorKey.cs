using System.Net.Http.Headers;

namespace ModelPlatform.Cli.Servers;

/// <summary>The platform key, from the environment only: the arguments of a process are seen by everybody on the machine.</summary>
internal static class OperatorKey
{
    private const string Setting = "MODELCTL_KEY";

    // As the services are configured.
    private const string ServiceSetting = "Platform__Key";

    /// <summary>With which the services start in Development.</summary>
    public const string Development = "development-only";

    public const string Note = """
        It needs the platform key: MODELCTL_KEY, else Platform__Key as the services have it, else, where ModelSync answers on this machine, that of Development.
        """;

    public static AuthenticationHeaderValue For(Uri sync)
    {
        var key = Environment.GetEnvironmentVariable(Setting) ?? Environment.GetEnvironmentVariable(ServiceSetting) ?? (sync.IsLoopback ? Development : "");
        return key.Length > 0 && key.All(character => character is > ' ' and <= '~')
            ? new AuthenticationHeaderValue("Bearer", key)
            : throw new CommandFailure(ExitCode.WrongUsage, $"This needs the platform key: set {Setting} to the key that the services have as Platform:Key.");
    }
}
