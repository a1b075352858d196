using System.CommandLine;
using ModelPlatform.Cli.Completion;
using ModelPlatform.Cli.Overriding;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.State;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Cli.Deleting;

internal static class DeleteCommand
{
    private const string Summary = "Deletes the blobs of a version, or of a whole model.";

    private const string Notes = """
        model.json goes first, which takes the version out of the repository, then its other files. What the desired state wants or keeps as fallback is
        refused (3) unless you say --force; to delete a model for good, unload it first. An interrupted deletion is repeated. Whatever lies outside of the
        model's versions and its own blobs at the root (NAME.onnx, NAME.labels.txt, NAME.serving.json) is never touched.
        """;

    private const string Examples = """
          modelctl delete fashion/1                               one version
          modelctl unload fashion --wait && modelctl delete fashion     all of a model
          modelctl delete fashion/1 --yes                         asks nobody: for scripts
        """;

    public static Command Create()
    {
        var connection = ModelStorage.ConnectionOption();
        var target = new Argument<ModelTarget>("model[/version]") { Description = "What to delete", CustomParser = result => TextValue.Of<ModelTarget>(result)! };
        target.CompletionSources.Add(context => ModelNames.Of(context, connection));
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var force = new Option<bool>("--force") { Description = "Also what is wanted or the fallback" };
        var command = new DocumentedCommand("delete", Summary, Examples, Notes) { target, yes, force, connection };
        command.SetOutcome((parsed, cancelled) =>
            RunAsync(parsed.GetRequiredValue(target), parsed.GetValue(yes), parsed.GetValue(force), ModelStorage.Open(parsed.GetValue(connection)), cancelled));
        return command;
    }

    private static Task RunAsync(ModelTarget target, bool yes, bool force, ModelStorage storage, CancellationToken cancelled) => storage.UseAsync(write: false, async () =>
    {
        var plan = DeletePlan.Of(target, await StoredBlob.ListAsync(storage.Container, target.Prefix, cancelled));
        if (plan.Count == 0 && !await HasWishAsync(target, storage, cancelled)) throw await UnknownAsync(target, storage, cancelled);
        if (!force && DeletePlan.Objection(target, await storage.Container.DesiredStateAsync(cancelled)) is { } objection)
            throw new CommandFailure(ExitCode.Refused, $"{objection} --force deletes it nevertheless.");

        var what = $"{target} ({Blobs(plan.Count)}, {ByteSize.Of(plan.Bytes)})";
        if (!yes) await Confirmation.RequireAsync($"Delete {what}", cancelled);
        await new Deletion(storage.Container, plan).RunAsync(cancelled);
        Console.WriteLine($"deleted {what}");
        if (plan.Foreign.Count > 0) await Console.Error.WriteLineAsync($"Left alone, since they are not of a model's form: {Blobs(plan.Foreign.Count)} below {target.Prefix} (\"modelctl list\" names them)");
        if (target.Version is null) await ForgetWishAsync(target, storage, cancelled);
    }, cancelled);

    // While the document still names the model, only the wish takes it out: an empty container does not.
    private static async Task ForgetWishAsync(ModelTarget target, ModelStorage storage, CancellationToken cancelled)
    {
        if ((await storage.Container.DesiredStateAsync(cancelled))?.Models.GetValueOrDefault(target.Model) is { IsIdle: false })
        {
            await Console.Error.WriteLineAsync($"{target} is still in the desired state. ModelSync drops it unless no other model is left; then say \"modelctl unload {target}\".");
            return;
        }
        if (await storage.Container.ChangeOverridesAsync(wishes => wishes.With(target.Model, ModelOverride.Nothing), cancelled))
            Console.WriteLine($"forgot what was wished of {target}: what is published under that name will be served");
    }

    private static string Blobs(int count) => count == 1 ? "1 blob" : $"{count} blobs";

    private static async Task<bool> HasWishAsync(ModelTarget target, ModelStorage storage, CancellationToken cancelled) =>
        target.Version is null && (await storage.Container.OverridesAsync(cancelled).OrToldAsync()).Overrides?.Models.ContainsKey(target.Model) == true;

    private static async Task<CommandFailure> UnknownAsync(ModelTarget target, ModelStorage storage, CancellationToken cancelled)
    {
        var blobs = await StoredBlob.ListAsync(storage.Container, null, cancelled);
        var owners = blobs.Owners();
        return owners.Contains(target.Model)
            ? new CommandFailure(ExitCode.Failed, $"There is no {target}. \"modelctl list {target.Model}\" shows what there is.")
            : KnownModels.Unknown(target.Model, owners);
    }
}
