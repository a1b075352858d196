using System.CommandLine;
using System.Diagnostics;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Cli.Publishing;

internal static class PublishCommand
{
    private const string Summary = "Publishes a folder as a version of a model.";

    private const string Notes = """
        The folder holds model.onnx and what belongs to it: external data, labels, golden samples, and optionally model.json, which says how to serve
        the model (without "files", which is written here). All of it is uploaded except hidden files; model.json comes last and commits the version.
        A committed version is never changed: publish another one. An interrupted publish leaves nothing that is served: repeat it.
        """;

    private const string Examples = """
          modelctl publish samples/fashion/2 --model fashion                 the next version
          modelctl publish samples/fashion/2 --model fashion --version 2     exactly this one; refused (3) if it is committed already
          modelctl publish samples/fashion/2 --model fashion --version 2 --if-absent     content when exactly this is already there
          modelctl publish samples/fashion/2 --model fashion --dry-run       checks the folder and says what would be done
        """;

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "The folder with model.onnx" }.AcceptExistingOnly();
        var connection = ModelStorage.ConnectionOption();
        var model = ModelArgument.Option("The model's name", required: true, connection);
        var version = new Option<ModelVersion?>("--version", "-v") { Description = "A positive integer [default: one more than the latest]", HelpName = "n", CustomParser = result => TextValue.Of<ModelVersion>(result) };
        var ifAbsent = new Option<bool>("--if-absent") { Description = "Succeed where the version is committed already with the same content" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check and hash everything, look into the repository, but write nothing" };

        var command = new DocumentedCommand("publish", Summary, Examples, Notes) { folder, model, version, ifAbsent, dryRun, connection };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ifAbsent) && result.GetResult(version) is null) result.AddError("--if-absent needs --version: the next version is always absent.");
        });
        command.SetOutcome((parsed, cancelled) => RunAsync(
            parsed.GetRequiredValue(folder),
            new PublishWish(parsed.GetRequiredValue(model)!, parsed.GetValue(version), parsed.GetValue(ifAbsent), parsed.GetValue(dryRun)),
            parsed.GetValue(connection), cancelled));
        return command;
    }

    private static async Task RunAsync(DirectoryInfo directory, PublishWish wish, string? connection, CancellationToken cancelled)
    {
        var started = Stopwatch.GetTimestamp();
        var folder = new ModelFolder(directory.FullName);
        var plan = PublishPlan.Of(folder.List(), folder.ReadDraft());
        if (plan.Problems.Count > 0)
            throw new CommandFailure(ExitCode.Refused, $"{directory} cannot be published:\n{string.Join('\n', plan.Problems.Select(problem => "  " + problem))}");

        var storage = ModelStorage.Open(connection);
        await storage.UseAsync(write: !wish.DryRun, async () =>
        {
            var outcome = await new Publication(folder, plan, storage.Container, wish).RunAsync(cancelled);
            Console.WriteLine($"{outcome.What} {outcome.Id}  {outcome.Identity}");
            Console.WriteLine($"{plan.Files.Count} files, {plan.Bytes} bytes, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
            if (!wish.DryRun) Console.WriteLine($"\"modelctl status {wish.Model}\" shows who serves it.");
            var overrides = (await storage.Container.OverridesAsync(cancelled).OrToldAsync()).Overrides;
            if (overrides?.Unload(wish.Model) == true) await Console.Error.WriteLineAsync($"{wish.Model} is unloaded: nobody serves it until \"modelctl load {wish.Model}\".");
            if (overrides?.Pin(wish.Model) is { } pin) await Console.Error.WriteLineAsync($"{wish.Model} is pinned to version {pin} until \"modelctl unpin {wish.Model}\".");
        }, cancelled);
    }
}

internal sealed record PublishWish(ModelName Model, ModelVersion? Version, bool IfAbsent, bool DryRun);

/// <param name="What">What was done, in a word or two.</param>
internal sealed record PublishOutcome(string What, ModelId Id, byte[] Manifest)
{
    public Identity Identity => Identity.OfManifest(Manifest);
}
