namespace Aspire.Hosting.ApplicationModel;

internal static class ModelName
{
    public static void Check(string what, string name)
    {
        var rule = name switch
        {
            { Length: < 1 or > 64 } => "must be between 1 and 64 characters long",
            _ when !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => "must contain only ASCII letters, digits, and hyphens",
            _ when !char.IsAsciiLetter(name[0]) => "must start with an ASCII letter",
            _ when name.EndsWith('-') => "cannot end with a hyphen",
            _ when name.Contains("--", StringComparison.Ordinal) => "cannot contain consecutive hyphens",
            _ => null,
        };
        if (rule is not null) throw new ArgumentException($"{what} name '{name}' is invalid. Name {rule}.", nameof(name));
    }
}
