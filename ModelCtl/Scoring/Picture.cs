using System.Net.Http.Headers;

namespace ModelPlatform.Cli.Scoring;

/// <param name="Type">The media type.</param>
internal sealed record Picture(FileInfo File, byte[] Content, string Type)
{
    public static async Task<Picture> ReadAsync(FileInfo file, CancellationToken cancelled)
    {
        var content = await System.IO.File.ReadAllBytesAsync(file.FullName, cancelled);
        return new Picture(file, content, PictureType.Of(content) ?? throw new CommandFailure(ExitCode.WrongUsage, $"{file} is no PNG, JPEG or WebP picture."));
    }

    public HttpContent ToBody() => new ByteArrayContent(Content) { Headers = { ContentType = new MediaTypeHeaderValue(Type) } };
}
