using Spectre.Console;

namespace ModelPlatform.Cli;

/// <summary>Rows as a table on a terminal, as aligned text into a pipe.</summary>
internal static class TextTable
{
    public static void Write(string[] headers, IEnumerable<string[]> rows)
    {
        if (Console.IsOutputRedirected) WriteAligned([headers, .. rows]);
        else WriteTable(headers, rows);
    }

    private static void WriteAligned(IReadOnlyList<string[]> rows)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static void WriteTable(string[] headers, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(headers);
        foreach (var row in rows) table.AddRow(row.Select(cell => (Spectre.Console.Rendering.IRenderable)new Text(cell)).ToArray());
        AnsiConsole.Write(table);
    }
}
