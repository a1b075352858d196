using System.CommandLine.Parsing;

namespace ModelPlatform.Cli;

/// <summary>Values with a text form, as arguments: a wrong one is wrong usage, in the type's own words.</summary>
internal static class TextValue
{
    public static T? Of<T>(ArgumentResult result) where T : IParsable<T>
    {
        try { return T.Parse(result.Tokens[0].Value, null); }
        catch (FormatException refusal)
        {
            result.AddError(refusal.Message);
            return default;
        }
    }
}
