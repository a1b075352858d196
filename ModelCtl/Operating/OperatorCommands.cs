using System.CommandLine;

namespace ModelPlatform.Cli.Operating;

/// <summary>What operators may wish of a model while it is served.</summary>
internal static class OperatorCommands
{
    public static IEnumerable<Command> All =>
    [
        WishCommand.OfVersion(
            "pin", "Serves exactly one version, whatever serving.json says and whatever is published, until \"modelctl unpin\".",
            "  modelctl pin fashion/2",
            "The wish is kept in .platform/overrides.json. What was served before or is the fallback is given\nto every replica at once; any other version comes out in steps, as serving.json says.",
            needsVersion: true, target => $"{target.Model} is pinned to version {target.Version}. \"modelctl unpin {target.Model}\" undoes that."),
        WishCommand.OfModel(
            "unpin", "Undoes \"modelctl pin\" and \"modelctl rollback\": the model is served as its serving.json says.",
            "  modelctl unpin fashion",
            "Where that is a newer version, its rollout begins.",
            model => $"{model} is served as its serving.json says."),
        WishCommand.OfVersion(
            "rollback", "Goes back to a version and stays there: pins the one named, or else the last one that was known good.",
            """
              modelctl rollback fashion          to the fallback, as "modelctl status" shows it
              modelctl rollback fashion/1
              modelctl unpin fashion             when a better version is there
            """,
            "Without a version it fails where no version before the one that is served is known good.",
            needsVersion: false, target => $"{target.Model} goes back to {(target.Version is { } version ? $"version {version}" : "the last version known good")} and stays there. \"modelctl unpin {target.Model}\" undoes that."),
        WishCommand.OfModel(
            "pause", "Holds the model's rollout where it is: it takes no further step until \"modelctl resume\".",
            "  modelctl pause fashion",
            "A version that turns out bad is taken back all the same.",
            model => $"Rollouts of {model} are paused. \"modelctl resume {model}\" lets them go on."),
        WishCommand.OfModel(
            "resume", "Lets a paused rollout go on.",
            "  modelctl resume fashion",
            "A step whose time to bake is over meanwhile is followed by the next one at once.",
            model => $"Rollouts of {model} go on."),
        WishCommand.OfVersion(
            "release", "Lets a version out of quarantine: it may be rolled out once more.",
            """
              modelctl status fashion            names what is in quarantine, and why
              modelctl release fashion/3
            """,
            "For a version that was not to blame, as when its node was lost while it loaded. It is tried again as a new version would be.",
            needsVersion: true, target => $"{target} is out of quarantine. \"modelctl watch {target.Model}\" shows how it does."),
    ];
}
