using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Documents;

/// <summary>The table of settings of a service, made of its options types: whatever is bound is told.</summary>
internal static class ConfigurationReference
{
    private const string Heading = """
        | setting | default | range | what it is |
        |---|---|---|---|
        """;

    /// <param name="project">Its folder, where appsettings.Development.json says what is different on a developer's machine.</param>
    public static string Of(Assembly assembly, string project)
    {
        var remarks = new Remarks(assembly);
        var development = new ConfigurationBuilder().AddJsonFile(RepositoryRoot.Combine(project, "appsettings.Development.json"), optional: true).Build();
        var rows =
            from options in assembly.GetTypes()
            let section = options.GetField("Section")?.GetRawConstantValue() as string
            where section is not null
            orderby section
            // As they are declared: reflection gives those first that somebody has asked for before.
            from property in options.GetProperties().OrderBy(property => property.MetadataToken)
            let setting = $"{section}:{property.Name}"
            select $"| `{setting}` | {DefaultOf(property)}{(development[setting] is { } there ? $"; in Development `{there.ToLowerInvariant()}`" : "")} | {RangeOf(property)} | {remarks.Of(property)} |";
        return string.Join('\n', [Heading, .. rows]);
    }

    private static string DefaultOf(PropertyInfo property)
    {
        if (property.GetCustomAttribute<DefaultValueAttribute>()?.Value is string words) return words;
        return property.GetValue(Activator.CreateInstance(property.DeclaringType!)) switch
        {
            null or "" => "none",
            bool flag => flag ? "`true`" : "`false`",
            var value => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        };
    }

    private static string RangeOf(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() switch
    {
        null when property.PropertyType == typeof(bool) => "`true`, `false`",
        null when property.PropertyType.IsEnum => string.Join(", ", Enum.GetNames(property.PropertyType).Select(name => $"`{name}`")),
        null => "",
        { Maximum: (double)long.MaxValue, Minimum: var least } => string.Create(CultureInfo.InvariantCulture, $"from {least}"),
        var range => string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"),
    };
}
