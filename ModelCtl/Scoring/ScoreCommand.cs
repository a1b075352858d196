using System.CommandLine;
using System.Globalization;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Scoring;

internal static class ScoreCommand
{
    private const string Server = "Inference.Api";
    private const string Summary = "Sends pictures (PNG, JPEG or WebP) to Inference.Api and prints labels with probabilities.";

    private const string Notes = """
        By default each picture goes to the model's classify route, and the version that answered is told. With --legacy all of them go in one request to
        POST /score, the route of the 2018 recipe: the server chooses the model, and the three best come with percents.
        """;

    private const string Examples = """
          modelctl score samples/fashion/images/sneaker.png --model fashion
          modelctl score shoe.jpg --model fashion --version 1 --url https://models.example.com
          modelctl score shoe.jpg bag.jpg --legacy
        """;

    public static Command Create()
    {
        var pictures = new Argument<FileInfo[]>("pictures") { Description = "The files with the pictures", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var model = ModelArgument.Option("The model's name; needed without --legacy", required: false);
        var version = new Option<ModelVersion?>("--version", "-v") { Description = "A version [default: the latest that is served]", HelpName = "n", CustomParser = result => TextValue.Of<ModelVersion>(result) };
        var legacy = new Option<bool>("--legacy") { Description = "Use POST /score of the 2018 recipe" };
        var url = new Option<Uri>("--url") { Description = "Where Inference.Api answers", DefaultValueFactory = _ => new Uri("http://localhost:5080"), CustomParser = TextValue.Address };

        var command = new DocumentedCommand("score", Summary, Examples, Notes) { pictures, model, version, legacy, url };
        command.Validators.Add(result =>
        {
            var chooses = result.GetResult(model) is not null || result.GetResult(version) is not null;
            if (result.GetValue(legacy) && chooses) result.AddError("--legacy goes without --model and --version: the server chooses.");
            if (!result.GetValue(legacy) && result.GetResult(model) is null) result.AddError("Say --model, or --legacy.");
        });
        command.SetOutcome(async (parsed, cancelled) =>
        {
            var read = await Task.WhenAll(parsed.GetRequiredValue(pictures).Select(file => Picture.ReadAsync(file, cancelled)));
            var server = parsed.GetRequiredValue(url);
            if (parsed.GetValue(legacy)) await ScoreAsync(read, server.Below("/score"), cancelled);
            else await ClassifyAsync(read, RouteOf(server, parsed.GetValue(model)!, parsed.GetValue(version)), cancelled);
        });
        return command;
    }

    private static async Task ClassifyAsync(Picture[] pictures, Uri route, CancellationToken cancelled)
    {
        foreach (var picture in pictures)
        {
            using var body = picture.ToBody();
            var score = (await ServerAccess.AskAsync(route, body, ScoreBody.Parse, Server, cancelled))!;
            Write(pictures, picture, score.Predictions.Select(best => (best.Label, best.Probability.ToString("0.0000", CultureInfo.InvariantCulture))));
            Console.WriteLine($"{score.ModelName} version {score.ModelVersion}");
        }
    }

    private static async Task ScoreAsync(Picture[] pictures, Uri route, CancellationToken cancelled)
    {
        using var body = LegacyScore.Body(pictures.Select(picture => picture.Content));
        var score = (await ServerAccess.AskAsync(route, body, LegacyScore.Parse, Server, cancelled))!;
        if (score.Pictures.Count != pictures.Length) throw new CommandFailure(ExitCode.Failed, $"{route} answered for {score.Pictures.Count} pictures instead of {pictures.Length}.");
        foreach (var (picture, labels) in pictures.Zip(score.Pictures))
            Write(pictures, picture, labels.Select(best => (best.Label, best.Percent.ToString("0.00", CultureInfo.InvariantCulture) + " %")));
        Console.WriteLine(Shown(score.Computed));
    }

    private static void Write(Picture[] all, Picture picture, IEnumerable<(string Label, string Score)> best)
    {
        if (all.Length > 1) Console.WriteLine($"{picture.File}:");
        var lines = best.Select(pair => (Label: Shown(pair.Label), pair.Score)).ToList();
        var width = lines.Select(line => line.Label.Length).DefaultIfEmpty().Max();
        foreach (var (label, score) in lines) Console.WriteLine($"{label.PadRight(width)}  {score}");
    }

    // Labels are in the languages of people; only what a terminal would obey is escaped.
    private static string Shown(string text) => text.Any(char.IsControl) ? Quoted.Of(text, 200) : text;

    private static Uri RouteOf(Uri server, ModelName model, ModelVersion? version) =>
        server.Below($"/v2/models/{model}{(version is null ? "" : $"/versions/{version}")}/classify");
}
