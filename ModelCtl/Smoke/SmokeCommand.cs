using System.CommandLine;
using System.CommandLine.Parsing;

namespace ModelPlatform.Cli.Smoke;

internal static class SmokeCommand
{
    private const string Summary = "Looks whether a deployed Inference.Api works: readiness, version, pictures, the 2018 recipe's contract and gRPC.";

    private const string Notes = """
        Everything is looked at, also after something has failed, and one line said of each; the exit code is 1 if anything failed.
        A picture may be followed by '=' and the label that must come first. gRPC is looked at where --grpc says where it is.
        """;

    private const string Examples = """
          modelctl smoke http://localhost:5080 --model fashion samples/fashion/images/sneaker.png=Sneaker --grpc http://localhost:5081
          modelctl smoke https://models.example.com --model fashion shoe.jpg --no-legacy
        """;

    public static Command Create()
    {
        var server = new Argument<Uri>("url") { Description = "Where Inference.Api answers", CustomParser = TextValue.Address };
        var pictures = new Argument<SmokePicture[]>("pictures") { Description = "The files with the pictures", Arity = ArgumentArity.OneOrMore, CustomParser = Pictures };
        var model = ModelArgument.Option("The model that is to classify them", required: true);
        var grpc = new Option<Uri?>("--grpc") { Description = "Where gRPC answers", HelpName = "address", CustomParser = TextValue.Address };
        var noLegacy = new Option<bool>("--no-legacy") { Description = "Leave POST /score out, as where several models classify pictures and none is Score:Model" };

        var command = new DocumentedCommand("smoke", Summary, Examples, Notes) { server, pictures, model, grpc, noLegacy };
        command.SetOutcome(async (parsed, cancelled) =>
        {
            var read = await Task.WhenAll(parsed.GetRequiredValue(pictures).Select(picture => picture.ReadAsync(cancelled)));
            var http = new HttpChecks(parsed.GetRequiredValue(server), parsed.GetValue(model)!);
            var report = new SmokeReport(Console.Out);

            await report.CheckAsync("readiness", () => http.ReadyAsync(cancelled));
            await report.CheckAsync("version", () => http.VersionAsync(cancelled));
            foreach (var (picture, label) in read) await report.CheckAsync(picture.File.Name, () => http.ClassifyAsync(picture, label, cancelled));
            if (!parsed.GetValue(noLegacy)) await report.CheckAsync("POST /score", () => http.ScoreAsync(read, cancelled));
            if (parsed.GetValue(grpc) is { } address)
            {
                using var calls = new GrpcChecks(address, parsed.GetValue(model)!);
                await report.CheckAsync("gRPC", () => calls.AnswersAsync(cancelled));
            }
            report.End();
        });
        return command;
    }

    private static SmokePicture[]? Pictures(ArgumentResult result)
    {
        var pictures = result.Tokens.Select(token => SmokePicture.Of(token.Value)).ToArray();
        if (Array.Find(pictures, picture => !picture.File.Exists) is not { } missing) return pictures;
        result.AddError($"There is no file '{missing.File}'.");
        return null;
    }
}
