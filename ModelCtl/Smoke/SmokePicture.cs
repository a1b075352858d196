using ModelPlatform.Cli.Scoring;

namespace ModelPlatform.Cli.Smoke;

/// <param name="Label">What must come first, if anything must.</param>
internal sealed record SmokePicture(FileInfo File, string? Label)
{
    /// <summary>As <c>score.py</c> takes them: <c>sneaker.png</c> or <c>sneaker.png=Sneaker</c>.</summary>
    public static SmokePicture Of(string text) =>
        text.LastIndexOf('=') is var at and > 0 && !System.IO.File.Exists(text) ? new(new FileInfo(text[..at]), text[(at + 1)..]) : new(new FileInfo(text), null);

    public async Task<(Picture Picture, string? Label)> ReadAsync(CancellationToken cancelled) => (await Picture.ReadAsync(File, cancelled), Label);
}
