using System.CommandLine;
using System.CommandLine.Parsing;
using ModelPlatform.Cli.Completion;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Operating;

/// <summary>The shape of the commands that ask ModelSync for something: a model or a version of it, an answer in one line, or in JSON.</summary>
internal static class WishCommand
{
    /// <param name="done">What is so from now on.</param>
    public static Command OfModel(string verb, string summary, string examples, string notes, Func<ModelName, string> done)
    {
        var model = ModelArgument.Create("The model", ArgumentArity.ExactlyOne);
        return With(verb, summary, examples, notes, model, parsed => new ModelTarget(parsed.GetRequiredValue(model)!, null), target => done(target.Model));
    }

    /// <param name="needsVersion">Whether the model alone is too little.</param>
    public static Command OfVersion(string verb, string summary, string examples, string notes, bool needsVersion, Func<ModelTarget, string> done)
    {
        var target = new Argument<ModelTarget>(needsVersion ? "model/version" : "model[/version]")
        {
            Description = needsVersion ? "The version" : "The model, and to which version",
            CustomParser = result => Parse(result, needsVersion)!,
        };
        target.CompletionSources.Add(context => ModelNames.Of(context, null));
        return With(verb, summary, examples, notes, target, parsed => parsed.GetRequiredValue(target), done);
    }

    private static ModelTarget? Parse(ArgumentResult result, bool needsVersion)
    {
        var target = TextValue.Of<ModelTarget>(result);
        if (needsVersion && target is { Version: null }) result.AddError($"Name the version too, as in {target.Model}/2.");
        return target;
    }

    private static DocumentedCommand With(string verb, string summary, string examples, string notes, Argument argument, Func<ParseResult, ModelTarget> of, Func<ModelTarget, string> done)
    {
        var output = OutputOption.Create();
        var sync = SyncApi.AddressOption();
        var command = new DocumentedCommand(verb, summary, examples, $"{notes}\n{OperatorKey.Note}") { argument, output, sync };
        command.SetOutcome(async (parsed, cancelled) =>
        {
            var target = of(parsed);
            await new SyncApi(parsed.GetRequiredValue(sync)).WishAsync(target.Model, verb, target.Version, cancelled);
            Console.WriteLine(parsed.GetValue(output) == OutputOption.Json ? new Wished(verb, target.Model, target.Version).ToJson() : done(target));
        });
        return command;
    }
}
