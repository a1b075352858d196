using System.CommandLine;
using ModelPlatform.Cli.Completion;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli;

/// <summary>A model's name as an argument or option, which shells complete from the repository.</summary>
internal static class ModelArgument
{
    public static Argument<ModelName?> Create(string description, ArgumentArity arity, Option<string?>? connection = null)
    {
        var model = new Argument<ModelName?>("model") { Description = description, Arity = arity, CustomParser = result => TextValue.Of<ModelName>(result) };
        model.CompletionSources.Add(context => ModelNames.Of(context, connection));
        return model;
    }

    public static Option<ModelName?> Option(string description, bool required, Option<string?>? connection = null)
    {
        var model = new Option<ModelName?>("--model", "-m") { Description = description, HelpName = "name", Required = required, CustomParser = result => TextValue.Of<ModelName>(result) };
        model.CompletionSources.Add(context => ModelNames.Of(context, connection));
        return model;
    }
}
