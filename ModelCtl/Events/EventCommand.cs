using System.CommandLine;
using System.Net.Http.Headers;
using ModelPlatform.Cli.Completion;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Cli.Storage;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Events;

internal static class EventCommand
{
    private const string KeySetting = "Events__Key";

    // What every service takes in Development.
    private const string DevelopmentKey = "development-only";

    private const string Summary = "Tells ModelSync of a changed blob, as Azure Event Grid would; the storage emulator has no such events.";

    private const string Notes = $"""
        An event is only a hint: ModelSync looks at the repository at once instead of at its next listing, and finds whatever has changed. Of a version
        the event names model.json, which commits it; of a model alone, NAME.onnx. The key is that of ModelSync's setting Events:Key, read from the
        environment variable {KeySetting}; in Development none is needed. Storage is not asked: it only says what the container is called.
        """;

    private const string Examples = """
          modelctl event fashion/2                               fashion/2/model.json was written
          modelctl event squeezenet                              squeezenet.onnx was written
          modelctl event fashion/1 --type deleted --schema cloudevents
        """;

    public static Command Create()
    {
        var connection = ModelStorage.ConnectionOption();
        var target = new Argument<ModelTarget>("model[/version]") { Description = "What has changed", CustomParser = result => TextValue.Of<ModelTarget>(result)! };
        target.CompletionSources.Add(context => ModelNames.Of(context, connection));
        var type = new Option<string>("--type") { Description = "What happened", DefaultValueFactory = _ => EventBody.Created }.AcceptOnlyFromAmong(EventBody.Created, EventBody.Deleted);
        var schema = new Option<string>("--schema") { Description = "The form of the event", DefaultValueFactory = _ => EventBody.EventGrid }.AcceptOnlyFromAmong(EventBody.EventGrid, EventBody.CloudEvents);
        var sync = SyncApi.AddressOption();
        var command = new DocumentedCommand("event", Summary, Examples, Notes) { target, type, schema, sync, connection };
        command.SetOutcome(async (parsed, cancelled) =>
        {
            var container = ModelStorage.Open(parsed.GetValue(connection)).Container;
            var body = new EventBody(container.Uri, container.Name, parsed.GetRequiredValue(target), parsed.GetRequiredValue(type));
            await ServerAccess.AskAsync(parsed.GetRequiredValue(sync).Below(SyncRoutes.Events), body.In(parsed.GetRequiredValue(schema)), answer => answer, "ModelSync", cancelled, Key());
            Console.WriteLine($"ModelSync was told that {body.Blob} was {parsed.GetValue(type)}.");
        });
        return command;
    }

    private static AuthenticationHeaderValue Key() =>
        new("Bearer", Environment.GetEnvironmentVariable(KeySetting) is { Length: > 0 } key ? key : DevelopmentKey);
}
