using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Scoring;

internal static class ScoreCommand
{
    private const string Summary = "Sends a picture (PNG, JPEG or WebP) to Inference.Api and prints labels with probabilities and the version that answered.";

    private const string Examples = """
          modelctl score samples/fashion/images/sneaker.png --model fashion
          modelctl score shoe.jpg --model fashion --version 1 --url https://models.example.com
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var picture = new Argument<FileInfo>("picture") { Description = "The file with the picture" }.AcceptExistingOnly();
        var model = new Option<ModelName>("--model", "-m") { Description = "The model's name", HelpName = "name", Required = true, CustomParser = result => TextValue.Of<ModelName>(result)! };
        var version = new Option<ModelVersion?>("--version", "-v") { Description = "A version [default: the latest that is served]", HelpName = "n", CustomParser = result => TextValue.Of<ModelVersion>(result) };
        var url = new Option<Uri>("--url") { Description = "Where Inference.Api answers", DefaultValueFactory = _ => new Uri("http://localhost:5080"), CustomParser = ReadAddress };

        var command = new DocumentedCommand("score", Summary, Examples) { picture, model, version, url };
        command.SetOutcome((parsed, cancelled) =>
            RunAsync(parsed.GetRequiredValue(picture), AddressOf(parsed.GetRequiredValue(url), parsed.GetRequiredValue(model), parsed.GetValue(version)), cancelled));
        return command;
    }

    private static async Task RunAsync(FileInfo picture, Uri address, CancellationToken cancelled)
    {
        var content = await File.ReadAllBytesAsync(picture.FullName, cancelled);
        var type = PictureType.Of(content) ?? throw new CommandFailure(ExitCode.WrongUsage, $"{picture} is no PNG, JPEG or WebP picture.");
        using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.PostAsync(address, body, cancelled);
            if (!answer.IsSuccessStatusCode) throw new CommandFailure(ExitCode.Failed, $"{(int)answer.StatusCode}: {await ReasonAsync(answer, cancelled)}");
            Write((await answer.Content.ReadFromJsonAsync(ScoreJson.Default.ScoreBody, cancelled))!);
        }
        catch (HttpRequestException failure) { throw new CommandFailure(ExitCode.Unreachable, $"{address} cannot be reached: {failure.Message}{(address.IsLoopback ? "\nIs the application running? ./build.sh run starts it." : "")}"); }
        catch (JsonException) { throw new CommandFailure(ExitCode.Failed, $"{address} answered something that is no score. Is it Inference.Api?"); }
        catch (TaskCanceledException timeout) when (timeout.InnerException is TimeoutException)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"{address} did not answer within {Patience.TotalSeconds} s.");
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        try { return (await answer.Content.ReadFromJsonAsync(ScoreJson.Default.FaultBody, cancelled))?.Error ?? answer.ReasonPhrase ?? ""; }
        catch (JsonException) { return answer.ReasonPhrase ?? ""; }
    }

    private static void Write(ScoreBody score)
    {
        var width = score.Predictions.Select(best => best.Label.Length).DefaultIfEmpty().Max();
        foreach (var best in score.Predictions)
            Console.WriteLine($"{best.Label.PadRight(width)}  {best.Probability.ToString("0.0000", CultureInfo.InvariantCulture)}");
        Console.WriteLine($"{score.ModelName} version {score.ModelVersion}");
    }

    private static Uri AddressOf(Uri server, ModelName model, ModelVersion? version) =>
        new($"{server.AbsoluteUri.TrimEnd('/')}/v2/models/{model}{(version is null ? "" : $"/versions/{version}")}/classify");

    private static Uri? ReadAddress(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")) return address;
        result.AddError($"'{result.Tokens[0].Value}' is not an http or https address.");
        return null;
    }
}
