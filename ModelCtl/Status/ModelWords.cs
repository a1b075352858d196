using System.Globalization;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Status;

/// <summary>What is special about a model, a sentence each. Pure.</summary>
internal static class ModelWords
{
    private const int LongestReason = 1000;

    public static IEnumerable<string> Of(ModelStatus model)
    {
        var name = model.Model;
        if (model.Unloaded) yield return $"{name} is unloaded: nobody serves it until \"modelctl load {name}\".";
        if (model.Pin is { } pin) yield return $"{name} is pinned to version {pin} until \"modelctl unpin {name}\".{(model.PinObstacle is { } obstacle ? $" {Quoted.Of(obstacle, LongestReason)}" : "")}";
        if (model.Paused) yield return $"Rollouts of {name} are paused until \"modelctl resume {name}\".";
        foreach (var version in model.Candidate.Except(model.Versions)) yield return Rollout(model, version);
        foreach (var held in model.Quarantine) yield return $"{name}/{held.Version} is quarantined: {Quoted.Of(held.Reason, LongestReason)}";
    }

    private static string Rollout(ModelStatus model, ModelVersion version)
    {
        var (given, serving) = Progress(model, version);
        var all = model.Replicas.Values.SelectMany(replicas => replicas.Given).Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture, $"{model.Model}/{version} is being rolled out: {given} of {all} replicas have been given it, {serving} serve it.");
    }

    public static (int Given, int Serving) Progress(ModelStatus model, ModelVersion version) =>
        model.Replicas.GetValueOrDefault(version) is { } replicas ? (replicas.Given.Count, replicas.States.GetValueOrDefault("serving")?.Count ?? 0) : (0, 0);
}
