using System.Text;

namespace ModelPlatform.Repository.Naming;

/// <summary>Foreign text as it may appear in a message: control characters and look-alikes escaped, at most 80 characters.</summary>
public static class Quoted
{
    private const int MaxLength = 80;

    public static string Of(string? text)
    {
        if (text is null) return "";
        var quoted = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (c is >= ' ' and < '\x7f' and not '\\') quoted.Append(c);
            else quoted.Append("\\u").Append(((int)c).ToString("x4", null));
        }
        return text.Length > MaxLength ? $"{quoted}… ({text.Length} characters)" : quoted.ToString();
    }
}
