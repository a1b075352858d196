using System.Text;

namespace ModelPlatform.Repository.Naming;

/// <summary>Foreign text as it may appear in a message: control characters and look-alikes escaped, and cut.</summary>
public static class Quoted
{
    /// <param name="most">Characters of the text that are quoted: a name is known by its beginning, a sentence is not.</param>
    public static string Of(string? text, int most = 80)
    {
        if (text is null) return "";
        var quoted = new StringBuilder(Math.Min(text.Length, most));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, most)))
        {
            if (c is >= ' ' and < '\x7f' and not '\\') quoted.Append(c);
            else quoted.Append("\\u").Append(((int)c).ToString("x4", null));
        }
        return text.Length > most ? $"{quoted}… ({text.Length} characters)" : quoted.ToString();
    }
}
