using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Images;

/// <summary>Pictures of many kinds, and what becomes of them when bytes are lost, changed or doubled.</summary>
internal static class FuzzedPictures
{
    public static IReadOnlyList<(string Name, byte[] Picture)> Seeds()
    {
        var random = new Random(7);
        byte[] Noise(int samples, int x, int y) => [.. Enumerable.Range(0, samples).Select(sample => (byte)(x * 5 + y * 3 * sample + random.Next(16)))];
        return
        [
            .. new[] { "baseline.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg" }.Select(name => (name, PictureFiles.Read(name))),
            ("photograph", File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "images", "ankle-boot-large.jpg"))),
            ("upright", PictureFiles.WithOrientation(PictureFiles.Read("baseline.jpg"), 1)),
            ("turned", PictureFiles.WithOrientation(PictureFiles.Read("baseline.jpg"), 6)),
            ("fashion", File.ReadAllBytes(RepositoryRoot.Combine("samples", "fashion", "images", "sneaker.png"))),
            ("grey PNG", PngFile.Of(61, 45, PngColor.Grey, 8, (x, y) => Noise(1, x, y))),
            ("RGB PNG", PngFile.Of(61, 45, PngColor.Rgb, 8, (x, y) => Noise(3, x, y))),
            ("RGBA PNG", PngFile.Of(61, 45, PngColor.Rgba, 8, (x, y) => Noise(4, x, y))),
            ("grey PNG with alpha", PngFile.Of(28, 28, PngColor.GreyAlpha, 8, (x, y) => Noise(2, x, y))),
            ("palette PNG", PictureFiles.Quarters(PngColor.Palette, 8)),
            ("16-bit PNG", PngFile.Of(30, 40, PngColor.Rgb, 16, (x, y) => Noise(6, x, y))),
            ("interlaced PNG", PictureFiles.Quarters(PngColor.Rgb, 8, interlaced: true)),
        ];
    }

    public static IEnumerable<(string Name, byte[] Picture)> Of(int seed, int count)
    {
        var seeds = Seeds();
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var (name, whole) = seeds[i % seeds.Count];
            yield return ($"{name} {i}", Damaged(whole, random));
        }
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        byte[] picture = [.. whole];
        var at = random.Next(picture.Length);
        switch (random.Next(6))
        {
            case 0: return picture[..at];
            case 1: return picture[..^Math.Min(picture.Length, random.Next(1, 40))];
            case 2: return [.. picture[..at], .. picture[Math.Min(picture.Length, at + random.Next(1, 30))..]];
            case 3: return [.. picture[..at], .. picture[Math.Max(0, at - random.Next(1, 30))..]];
            // The header decides what is done with all the rest.
            case 4:
                picture[random.Next(Math.Min(picture.Length, 200))] = (byte)random.Next(256);
                return picture;
            default:
                for (var changes = random.Next(1, 5); changes > 0; changes--) picture[random.Next(picture.Length)] ^= (byte)(1 << random.Next(8));
                return picture;
        }
    }
}
