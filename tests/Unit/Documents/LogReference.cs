using System.Reflection;
using Microsoft.Extensions.Logging;

namespace ModelPlatform.Tests.Unit.Documents;

/// <summary>The table of a service's log messages. The last column, what a message means for whoever reads it at night, is written by hand and kept.</summary>
internal static class LogReference
{
    private const string Heading = """
        | message | level | what it means, and what to do |
        |---|---|---|
        """;

    public static string Of(Assembly assembly, string before)
    {
        var meanings = before.Split('\n').Select(row => row.Split(" | ")).Where(cells => cells.Length == 3).ToDictionary(cells => cells[0], cells => cells[2][..^2]);
        var rows =
            from type in assembly.GetTypes()
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            let message = method.GetCustomAttribute<LoggerMessageAttribute>()
            where message is not null
            orderby type.FullName, message.EventId
            let first = $"| `{message.Message}` <br> {type.DeclaringType!.FullName}[{message.EventId}]"
            select $"{first} | {message.Level} | {meanings.GetValueOrDefault(first)} |";
        return string.Join('\n', [Heading, .. rows]);
    }
}
