using System.CommandLine;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Telling;

internal static class WatchCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private const string Summary = "Shows rollouts as they go on, until you stop it.";

    private const string Notes = """
        On a terminal it is a table that changes. Into a pipe it writes a line whenever something of a version has changed, and with --output json a line
        with the model. "given" is how many connected replicas are to serve the version.
        """;

    private const string Examples = """
          modelctl watch                            every model
          modelctl watch fashion --until-done       ends once no rollout runs and every replica serves what it is to serve
          modelctl watch --output json | jq .candidate
        """;

    public static Command Create()
    {
        var model = ModelArgument.Create("Only this model", ArgumentArity.ZeroOrOne);
        var untilDone = new Option<bool>("--until-done") { Description = "End once no rollout runs and every replica serves what it is to serve" };
        var output = OutputOption.Create();
        var sync = SyncApi.AddressOption();
        var command = new DocumentedCommand("watch", Summary, Examples, Notes) { model, untilDone, output, sync };
        command.SetOutcome((parsed, cancelled) => RunAsync(
            new SyncApi(parsed.GetRequiredValue(sync)), parsed.GetValue(model), parsed.GetValue(untilDone), WatchOutput.For(parsed.GetValue(output) == OutputOption.Json), cancelled));
        return command;
    }

    private static async Task RunAsync(SyncApi sync, ModelName? only, bool untilDone, WatchOutput output, CancellationToken cancelled)
    {
        using var timer = new PeriodicTimer(Pause);
        var looks = new PatientLooks();
        await output.ShowAsync(async show =>
        {
            do
            {
                if (await looks.TryAsync(() => AskAsync(sync, only, cancelled)) is not { } models) continue;
                show(models);
                if (untilDone && WatchedVersion.IsDone(models)) return;
            }
            while (await timer.WaitForNextTickAsync(cancelled));
        });
    }

    private static async Task<IReadOnlyList<ModelStatus>> AskAsync(SyncApi sync, ModelName? only, CancellationToken cancelled)
    {
        var models = await sync.ModelsAsync(cancelled);
        if (only is null) return models;
        return models.FirstOrDefault(model => model.Model == only) is { } found ? [found] : throw KnownModels.Unknown(only, [.. models.Select(model => model.Model)]);
    }
}
