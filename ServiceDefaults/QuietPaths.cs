using System.Diagnostics.CodeAnalysis;

namespace ModelPlatform.ServiceDefaults;

/// <summary>Paths that are asked for ever and ever: nothing of them goes into a trace.</summary>
internal static class QuietPaths
{
    public const string Health = "/health";
    public const string Alive = "/alive";

    private const string ProtocolHealth = "/v2/health/";
    private const string Watch = "/v1/state/watch";

    // What the health page asks for while it is open in a browser.
    private const string Page = "/healthchecks-api";

    public static bool Contain([NotNullWhen(true)] string? path) => path is Watch or Page || AreProbed(path);

    public static bool AreProbed([NotNullWhen(true)] string? path) =>
        path is "/" or Health or Alive || path?.StartsWith(ProtocolHealth, StringComparison.Ordinal) == true;
}
