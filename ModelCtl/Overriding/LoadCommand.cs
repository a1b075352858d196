using System.CommandLine;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Cli.Overriding;

internal static class LoadCommand
{
    private const string Summary = "Undoes \"modelctl unload\": the model is served again as its serving.json says.";

    private const string Examples = """
          modelctl load fashion
        """;

    public static Command Create()
    {
        var connection = ModelStorage.ConnectionOption();
        var model = ModelArgument.Create("The model", ArgumentArity.ExactlyOne, connection);
        var command = new DocumentedCommand("load", Summary, Examples) { model, connection };
        command.SetOutcome((parsed, cancelled) => RunAsync(parsed.GetRequiredValue(model)!, parsed.GetValue(connection), cancelled));
        return command;
    }

    private static async Task RunAsync(ModelName model, string? connection, CancellationToken cancelled)
    {
        var storage = ModelStorage.Open(connection);
        await storage.UseAsync(write: false, async () =>
        {
            await KnownModels.RequireAsync(storage, model, cancelled);
            var isNews = await storage.Container.ChangeOverridesAsync(wishes => wishes.With(model, wish => wish with { Unload = false }), cancelled);
            Console.WriteLine(isNews ? $"{model} will be served again once ModelSync has looked." : $"{model} was not unloaded: there is nothing to undo.");
        }, cancelled);
    }
}
