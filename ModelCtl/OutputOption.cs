using System.CommandLine;

namespace ModelPlatform.Cli;

internal static class OutputOption
{
    public const string Json = "json";

    public static Option<string> Create() => new Option<string>("--output", "-o") { Description = "For people or for programs", DefaultValueFactory = _ => "table" }.AcceptOnlyFromAmong("table", Json);
}
