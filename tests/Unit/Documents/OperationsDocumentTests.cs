using System.Reflection;
using System.Text.RegularExpressions;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Telemetry;
using ModelPlatform.Sync.Telemetry;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Documents;

/// <summary>
/// The tables of docs/operations.md are those of the code: a setting, message or metric that is new, changed or gone fails here until
/// <c>./build.sh docs</c> has written them anew.
/// </summary>
public sealed partial class OperationsDocumentTests
{
    private const string WriteSwitch = "WRITE_DOCUMENTS";

    private static readonly string Path = RepositoryRoot.Combine("docs", "operations.md");
    private static readonly Assembly Inference = typeof(InferencePipeline).Assembly;
    private static readonly Assembly Sync = typeof(SyncMetrics).Assembly;
    private static readonly Assembly Both = typeof(ModelPlatform.ServiceDefaults.PlatformKey).Assembly;

    [Fact]
    public void Its_tables_are_those_of_the_code()
    {
        var text = File.ReadAllText(Path);
        var current = Table().Replace(text, table => $"{table.Groups[1].Value}\n{Make(table.Groups[2].Value, table.Groups[3].Value)}\n{table.Groups[4].Value}");
        if (Environment.GetEnvironmentVariable(WriteSwitch) is { Length: > 0 }) File.WriteAllText(Path, current);
        else Assert.True(text == current, $"docs/operations.md is not that of the code: ./build.sh docs writes its tables.\n{current}");
    }

    [Fact]
    public void Every_options_type_names_its_section() => Assert.All(
        new[] { Inference, Sync, Both }.SelectMany(assembly => assembly.GetTypes()).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)),
        options => Assert.NotNull(options.GetField("Section")));

    [Fact]
    public void Every_log_message_has_a_meaning() =>
        Assert.DoesNotMatch(@"\[\d+\] \| \w+ \|  \|", File.ReadAllText(Path));

    private static string Make(string table, string before) => table switch
    {
        "configuration Inference.Api" => ConfigurationReference.Of(Inference, "Inference.Api"),
        "configuration ModelSync" => ConfigurationReference.Of(Sync, "ModelSync"),
        "configuration both" => ConfigurationReference.Of(Both, "ServiceDefaults"),
        "logs Inference.Api" => LogReference.Of(Inference, before),
        "logs ModelSync" => LogReference.Of(Sync, before),
        "logs both" => LogReference.Of(Both, before),
        "metrics Inference.Api" => MetricReference.Of(typeof(InferenceMetrics)),
        "metrics ModelSync" => MetricReference.Of(typeof(SyncMetrics)),
        _ => throw new InvalidOperationException($"docs/operations.md asks for a table that nobody makes: {table}"),
    };

    // <!-- table: logs ModelSync --> … <!-- end -->
    [GeneratedRegex(@"(<!-- table: ([^>]+) -->)\n(.*?)(<!-- end -->)", RegexOptions.Singleline)]
    private static partial Regex Table();
}
