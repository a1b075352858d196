using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Cli.Telling;

internal static class HistoryCommand
{
    private const int Most = 1000;
    private const int LongestReason = 300;

    private const string Summary = "Shows what happened to the models: versions published, rolled out and back, pinned and so on, newest first.";

    private const string Notes = """
        ModelSync answers with the newest 1000. All of it is in the container, one JSON object a line, in .platform/history.jsonl and, as that grows, history-2.jsonl and so on.
        """;

    private const string Examples = """
          modelctl history                          the last 20
          modelctl history fashion --limit 5
          modelctl history --output json | jq '.[] | select(.kind == "quarantined")'
        """;

    private static readonly string[] Headers = ["TIME (UTC)", "WHAT", "MODEL", "VERSION", "GENERATION", "WHY"];

    public static Command Create()
    {
        var model = ModelArgument.Create("Only this model", ArgumentArity.ZeroOrOne);
        var limit = new Option<int>("--limit", "-n") { Description = "How many", HelpName = "number", DefaultValueFactory = _ => 20, CustomParser = Limit };
        var output = OutputOption.Create();
        var sync = SyncApi.AddressOption();
        var command = new DocumentedCommand("history", Summary, Examples, Notes) { model, limit, output, sync };
        command.SetOutcome(async (parsed, cancelled) =>
        {
            var entries = await new SyncApi(parsed.GetRequiredValue(sync)).HistoryAsync(parsed.GetValue(model), parsed.GetValue(limit), cancelled);
            if (parsed.GetValue(output) == OutputOption.Json) Console.WriteLine(JsonSerializer.Serialize(entries, RepositoryJson.Readable.IReadOnlyListHistoryEntry));
            else if (entries.Count == 0) Console.WriteLine("Nothing has happened yet.");
            else TextTable.Write(Headers, entries.Select(Row));
        });
        return command;
    }

    private static int Limit(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Most) return limit;
        result.AddError($"'{Quoted.Of(result.Tokens[0].Value)}' is not a number between 1 and {Most}.");
        return 0;
    }

    private static string[] Row(HistoryEntry entry) =>
    [
        entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        entry.Kind.Words(),
        entry.Model.ToString(),
        entry.Version?.ToString() ?? "-",
        entry.Generation.ToString(CultureInfo.InvariantCulture),
        entry.Reason is { } reason ? Quoted.Of(reason, LongestReason) : "-",
    ];
}
