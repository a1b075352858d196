using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ModelPlatform.Tests.Unit.Documents;

/// <summary>The summaries of an assembly's comments, out of the XML file that the compiler writes beside it.</summary>
internal sealed partial class Remarks(Assembly assembly)
{
    private readonly Dictionary<string, string> _summaries = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));

    public string Of(PropertyInfo property) =>
        _summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName!.Replace('+', '.')}.{property.Name}") ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} has no summary.");

    private static string Text(XElement summary)
    {
        foreach (var code in summary.Descendants("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        foreach (var see in summary.Descendants("see").ToList()) see.ReplaceWith($"`{see.FirstAttribute!.Value.Split('.')[^1]}`");
        return Space().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
