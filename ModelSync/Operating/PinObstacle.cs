using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Operating;

/// <summary>Why a pin is not followed, and what is served instead, in a sentence for operators. Pure.</summary>
internal static class PinObstacle
{
    /// <returns>Null where there is none.</returns>
    public static string? Of(ModelOverride wish, DesiredModel? published)
    {
        if (wish is not { Unload: false, Pin: { } pin } || published is null) return null;
        // A number that is in quarantine has exactly that content in the repository: under the same number an earlier one may be served.
        if (published.Quarantine.All(held => held.Version.Version != pin)) return null;
        var served = published.Versions.Select(version => version.Version == pin ? $"{pin} as it was before" : $"{version.Version}").ToList();
        return $"Version {pin} is in quarantine; " + served switch
        {
            [] => "nothing is served instead.",
            [var one] => $"version {one} is served instead.",
            _ => $"versions {string.Join(", ", served)} are served instead.",
        };
    }
}
