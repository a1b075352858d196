using System.CommandLine;
using System.Text.Json;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Status;

internal static class StatusCommand
{
    private const string Summary = "Shows who serves what, and why not: models, replicas, and blobs that cannot be used.";

    private const string Notes = """
        It asks ModelSync and not the storage. "wanted" and "fallback" are what replicas are to serve; a "candidate" is being rolled out, and a "quarantined"
        version has failed and is given to nobody; "rejected" means that the content is wrong, and is
        final until it changes; "retrying" means that download, disk or memory failed, and goes on. Of a model that was unloaded only that is shown.
        With --check the exit code is 5 unless every connected replica serves every wanted version, at least one is connected, and no rollout runs.
        """;

    private const string Examples = """
          modelctl status                                   everything
          modelctl status fashion --check                   for scripts: 0 once all replicas serve what is wanted, 5 until then
          modelctl status --output json | jq .problems
          MODELCTL_SYNC=http://model-sync:8080 modelctl status
        """;

    public static Command Create()
    {
        var model = ModelArgument.Create("Only this model", ArgumentArity.ZeroOrOne);
        var check = new Option<bool>("--check") { Description = "Exit with 5 unless every connected replica serves every wanted version" };
        var output = OutputOption.Create();
        var sync = SyncApi.AddressOption();
        var command = new DocumentedCommand("status", Summary, Examples, Notes) { model, check, output, sync };
        command.SetOutcome(async (parsed, cancelled) =>
        {
            var report = await AskAsync(new SyncApi(parsed.GetRequiredValue(sync)), parsed.GetValue(model), cancelled);
            if (parsed.GetValue(output) == OutputOption.Json) Console.WriteLine(JsonSerializer.Serialize(report, StatusJson.Default.StatusReport));
            else StatusOutput.Write(report);
            if (parsed.GetValue(check) && !report.Settled) throw new CommandFailure(ExitCode.Unsettled, "Not every connected replica serves what is wanted.");
        });
        return command;
    }

    private static async Task<StatusReport> AskAsync(SyncApi sync, ModelName? model, CancellationToken cancelled)
    {
        var (state, replicas, problems) = (await sync.StateAsync(cancelled), await sync.ReplicasAsync(cancelled), await sync.ProblemsAsync(cancelled));
        var report = StatusReport.Of(state, replicas, problems, model, await sync.ModelsAsync(cancelled));
        if (model is null || report.Versions.Count + report.Problems.Count + report.Models.Count > 0) return report;
        throw KnownModels.Unknown(model, [.. StatusReport.Of(state, replicas, problems).Versions.Select(version => version.Model).Distinct()]);
    }
}
