using System.Globalization;
using System.Text;
using ModelPlatform.Cli.Scoring;
using ModelPlatform.Cli.Servers;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Smoke;

/// <summary>What a client over REST relies on. Each check says what it saw, or fails with what it saw instead.</summary>
internal sealed class HttpChecks(Uri server, ModelName model)
{
    private const string Server = "Inference.Api";

    public async Task<string> ReadyAsync(CancellationToken cancelled)
    {
        foreach (var route in new[] { "/v2/health/live", "/v2/health/ready", $"/v2/models/{model}/ready" }) await TextAsync(route, cancelled);
        var healthy = await TextAsync("/", cancelled);
        return healthy == "Healthy" ? healthy : throw Unexpected("/", healthy);
    }

    public async Task<string> VersionAsync(CancellationToken cancelled)
    {
        var version = (await TextAsync("/version", cancelled)).Trim();
        return Version.TryParse(version, out _) ? $"ONNX Runtime {version}" : throw Unexpected("/version", version);
    }

    public async Task<string> ClassifyAsync(Picture picture, string? label, CancellationToken cancelled)
    {
        using var body = picture.ToBody();
        var score = (await ServerAccess.AskAsync(server.Below($"/v2/models/{model}/classify"), body, ScoreBody.Parse, Server, cancelled))!;
        if (score.ModelName != model.ToString()) throw new CommandFailure(ExitCode.Failed, $"model {Quoted.Of(score.ModelName)} answered.");
        if (score.Predictions is not [var best, ..]) throw new CommandFailure(ExitCode.Failed, "there is no prediction.");
        if (score.Predictions.Any(one => one.Probability is not (>= 0 and <= 1))) throw new CommandFailure(ExitCode.Failed, "these are no probabilities.");
        Expect(label, best.Label);
        return $"{Quoted.Of(best.Label)} {best.Probability.ToString("0.00", CultureInfo.InvariantCulture)}, version {Quoted.Of(score.ModelVersion)}";
    }

    public async Task<string> ScoreAsync(IReadOnlyList<(Picture Picture, string? Label)> pictures, CancellationToken cancelled)
    {
        using var body = LegacyScore.Body(pictures.Select(pair => pair.Picture.Content));
        var score = (await ServerAccess.AskAsync(server.Below("/score"), body, LegacyScore.Parse, Server, cancelled))!;
        if (score.Pictures.Count != pictures.Count) throw new CommandFailure(ExitCode.Failed, $"{score.Pictures.Count} pictures were answered instead of {pictures.Count}.");
        foreach (var (labels, (picture, label)) in score.Pictures.Zip(pictures))
        {
            if (labels.Count is 0 or > 3 || !labels.Select(one => one.Percent).SequenceEqual(labels.Select(one => one.Percent).OrderDescending()))
                throw new CommandFailure(ExitCode.Failed, $"{picture.File.Name} has not its three best labels, best first.");
            Expect(label, labels[0].Label);
        }
        return score.Computed.StartsWith("Computed in ", StringComparison.Ordinal) ? $"{pictures.Count} pictures" : throw Unexpected("/score", score.Computed);
    }

    private async Task<string> TextAsync(string route, CancellationToken cancelled) =>
        await ServerAccess.AskAsync(server.Below(route), null, Encoding.UTF8.GetString, Server, cancelled) ?? throw new CommandFailure(ExitCode.Failed, $"{route} is not there.");

    // Labels of ImageNet are "number names": their beginning is enough.
    private static void Expect(string? label, string best)
    {
        if (label is null || best == label || best.StartsWith(label + " ", StringComparison.Ordinal) || best.StartsWith(label + ",", StringComparison.Ordinal)) return;
        throw new CommandFailure(ExitCode.Failed, $"{Quoted.Of(best)} came first instead of {label}.");
    }

    private static CommandFailure Unexpected(string route, string answer) => new(ExitCode.Failed, $"{route} answered '{Quoted.Of(answer)}'.");
}
