using System.CommandLine;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Storage;

namespace ModelPlatform.Cli.Overriding;

internal static class UnloadCommand
{
    private const string Summary = "Takes a model out of service, on every replica and for versions to come; its blobs stay.";

    private const string Notes = """
        The wish is kept in .platform/overrides.json and holds until "modelctl load". ModelSync sees it when it looks next: within a second in
        development, within 18 s otherwise. This is the one way to take the last model out of service: an empty container never does.
        """;

    private const string Examples = """
          modelctl unload fashion            no replica serves it any more
          modelctl unload fashion --wait     the same, and waits until that is so
          modelctl load fashion              undoes it
        """;

    public static Command Create()
    {
        var connection = ModelStorage.ConnectionOption();
        var model = ModelArgument.Create("The model", ArgumentArity.ExactlyOne, connection);
        var wait = new Option<bool>("--wait", "-w") { Description = "Ask ModelSync until no replica serves the model any more" };
        var sync = SyncApi.AddressOption();
        var command = new DocumentedCommand("unload", Summary, Examples, Notes) { model, wait, sync, connection };
        command.SetOutcome(async (parsed, cancelled) =>
        {
            await WishAsync(parsed.GetRequiredValue(model)!, parsed.GetValue(connection), cancelled);
            if (parsed.GetValue(wait)) await UnloadWait.UntilGoneAsync(new SyncApi(parsed.GetRequiredValue(sync)), parsed.GetRequiredValue(model)!, cancelled);
        });
        return command;
    }

    private static async Task WishAsync(ModelName model, string? connection, CancellationToken cancelled)
    {
        var storage = ModelStorage.Open(connection);
        await storage.UseAsync(write: false, async () =>
        {
            await KnownModels.RequireAsync(storage, model, cancelled);
            var isNews = await storage.Container.ChangeOverridesAsync(wishes => wishes.With(model, wish => wish with { Unload = true }), cancelled);
            Console.WriteLine(isNews
                ? $"{model} will be unloaded from every replica once ModelSync has looked. Its blobs stay; \"modelctl load {model}\" brings it back."
                : $"{model} is to be unloaded already. \"modelctl load {model}\" brings it back.");
        }, cancelled);
    }
}
