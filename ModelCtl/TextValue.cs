using System.CommandLine.Parsing;
using ModelPlatform.Repository.Naming;

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

    public static Uri? Address(ArgumentResult result) => Address(result, result.Tokens[0].Value);

    public static Uri? Address(ArgumentResult result, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")) return address;
        result.AddError($"'{Quoted.Of(text)}' is not an http or https address.");
        return null;
    }
}
