namespace Aspirate;

/// <summary>The options of a generation that asks no questions, builds nothing and keeps neither secrets nor state: everything that this stand-in can do.</summary>
internal sealed record GenerateOptions(
    string Manifest, string Output, string ProjectFolder, string? Namespace, string? Registry, string? RepositoryPrefix, string Tag, string ImagePullPolicy,
    IReadOnlyDictionary<string, string> Parameters)
{
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["-m"] = "--aspire-manifest", ["-o"] = "--output-path", ["-p"] = "--project-path", ["-cr"] = "--container-registry",
        ["-crp"] = "--container-repository-prefix", ["-ct"] = "--container-image-tag", ["-pa"] = "--parameter",
    };

    private static readonly HashSet<string> Switches = ["--non-interactive", "--disable-secrets", "--disable-state", "--skip-build"];

    private static readonly HashSet<string> Valued =
        [.. ShortNames.Values, "--include-dashboard", "--image-pull-policy", "--namespace", "--output-format"];

    public static GenerateOptions Parse(IReadOnlyList<string> args)
    {
        var given = Read(args);
        foreach (var needed in Switches)
        {
            if (!given.Contains(needed)) throw new GenerateException($"This stand-in for aspirate needs {needed}.");
        }
        string? One(string name) => given[name].FirstOrDefault();
        if (One("--include-dashboard") != "false")
            throw new GenerateException(given.Contains("--include-dashboard") ? "This stand-in for aspirate knows no dashboard." : "The include dashboard option is required in non-interactive mode.");
        if (One("--output-format") is not (null or "kustomize")) throw new GenerateException("This stand-in for aspirate writes for kustomize only.");
        var policy = One("--image-pull-policy") ?? throw new GenerateException("Image pull policy is required when running in non-interactive mode.");
        if (policy is not ("IfNotPresent" or "Always" or "Never")) throw new GenerateException($"Invalid image pull policy '{policy}'.", exitCode: 134);
        return new(
            One("--aspire-manifest") ?? throw new GenerateException("This stand-in for aspirate needs --aspire-manifest: it starts no AppHost."),
            One("--output-path") ?? "./aspirate-output", One("--project-path") ?? ".", One("--namespace"), One("--container-registry"), One("--container-repository-prefix"),
            One("--container-image-tag") ?? "latest", policy,
            given["--parameter"].Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? ""));
    }

    private static ILookup<string, string> Read(IReadOnlyList<string> args)
    {
        var given = new List<(string Name, string Value)>();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].StartsWith("--", StringComparison.Ordinal) && args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            name = ShortNames.GetValueOrDefault(name, name);
            if (Switches.Contains(name)) given.Add((name, ""));
            else if (!Valued.Contains(name)) throw new GenerateException($"Unrecognized command or argument '{args[i]}'.");
            else if (value is null && ++i == args.Count) throw new GenerateException($"Required argument missing for option: '{name}'.");
            else given.Add((name, value ?? args[i]));
        }
        return given.ToLookup(option => option.Name, option => option.Value);
    }
}
