using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

/// <summary>Whatever lies in the container, reading it says yes, no or why: nothing else ever happens.</summary>
public sealed class HostileInputTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2000);

    // Pieces that mean something to a file system, a URL, a terminal or a JSON reader, joined at random with plain text.
    private static readonly Gen<string> Pieces = Gen.Elements(
        "..", ".", "/", "\\", "%2e", "~", ":", "\0", "\n", " ", "-", "+", "a", "model", "1", "0", "CON", "nul", ".onnx", "．", "∕", "\u202e", "é", "١", "\ud800", "😀");

    private static readonly Gen<string> Names = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Choose(1, 6).SelectMany(count => Pieces.ListOf(count)).Select(string.Concat));

    private static readonly string[] Documents =
    [
        $$"""{ "task": "image-classification", "labels": "l", "preprocess": { "width": 1, "fit": "pad", "mean": [1] }, "batching": { "maxDelay": "00:00:00" }, "golden": [ { "image": "i", "label": "l" } ], "files": { "model.onnx": { "bytes": 1, "sha256": "{{Digest}}" } } }""",
        """{ "versions": { "only": [ 1, "2" ] }, "rollout": { "first": 1, "bake": "00:00:05" }, "transition": "memory" }""",
        $$"""{ "schema": 1, "generation": 1, "published": "2026-11-22T10:00:00Z", "models": { "m": { "versions": [ { "version": "1", "identity": "sha256:{{Digest}}", "path": "m/1/", "files": { "model.onnx": { "etag": "e", "bytes": 1, "sha256": "{{Digest}}" } } } ] } } }""",
        """{ "generation": 1, "etag": "e" }""",
        """{ "schema": 1, "models": { "m": { "unload": true } } }""",
    ];

    // A document with some of its bytes replaced by ones that matter in JSON, or by any: mostly still JSON, or nearly so.
    private static readonly Gen<byte[]> Damaged =
        from document in Gen.Elements(Documents)
        from count in Gen.Choose(0, 4)
        from places in Gen.Choose(0, document.Length - 1).ListOf(count)
        from bytes in Gen.OneOf(Gen.Elements("{}[]\",:0-.en\\"u8.ToArray()), Gen.Choose(0, 255).Select(number => (byte)number)).ListOf(count)
        select Damage(Encoding.UTF8.GetBytes(document), places.Zip(bytes));

    private static readonly Gen<byte[]> Bytes = Gen.OneOf(Damaged, ArbMap.Default.GeneratorFor<byte[]>(), Names.Select(Encoding.UTF8.GetBytes));

    [Fact]
    public void Names_are_taken_whole_or_refused() => Check.One(Often, Prop.ForAll(Names.ToArbitrary(), text =>
    {
        Assert.True(!ModelName.TryParse(text, out var name) || name.ToString() == text);
        Assert.True(!ModelVersion.TryParse(text, out var version) || version.ToString() == text);
        Assert.True(!FilePath.TryParse(text, out var path) || path.ToString() == text);
        Assert.True(!Sha256Digest.TryParse(text, null, out var digest) || digest.ToString() == text);
        Assert.True(!Identity.TryParse(text, null, out var identity) || identity.ToString() == text);
    }));

    [Fact]
    public void A_path_that_is_taken_stays_below_the_folder_it_is_combined_with() => Check.One(Often, Prop.ForAll(Names.ToArbitrary(), text =>
    {
        if (!FilePath.TryParse(text, out var path)) return;
        var root = Path.GetFullPath("root") + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, path.ToString()));
        Assert.StartsWith(root, full, StringComparison.Ordinal);
        Assert.Equal(text.Replace('/', Path.DirectorySeparatorChar), full[root.Length..]);
        Assert.Equal("/root/" + text, new Uri("http://host/root/" + path).LocalPath);
    }));

    [Fact]
    public void A_blobs_name_says_what_it_is_and_says_it_back() => Check.One(Often, Prop.ForAll(Names.ToArbitrary(), text =>
    {
        foreach (var name in new[] { text, $"{text}.onnx", $"{text}.labels.txt", $"{text}.serving.json", $"fashion/{text}", $"fashion/1/{text}" })
        {
            switch (BlobPlace.Of(name))
            {
                case BlobPlace.VersionFile(var id, var file): Assert.Equal(name, RepositoryLayout.BlobOf(id, file)); break;
                case BlobPlace.Serving(var model): Assert.Equal(name, $"{model}/serving.json"); break;
                case BlobPlace.FlatModel(var model): Assert.Equal(name, FilePath.Parse($"{model}.onnx").ToString()); break;
                case BlobPlace.FlatLabels(var model): Assert.Equal(name, FilePath.Parse($"{model}.labels.txt").ToString()); break;
                case BlobPlace.FlatServing(var model): Assert.Equal(name, FilePath.Parse($"{model}.serving.json").ToString()); break;
                case BlobPlace.Foreign(var reason): Assert.All(reason.Replace('…', '.'), c => Assert.InRange(c, ' ', '~')); break;
            }
        }
    }));

    [Fact]
    public void Documents_are_read_or_refused_with_a_reason() => Check.One(Often, Prop.ForAll(Bytes.ToArbitrary(), json =>
    {
        AssertReadOrRefused(json, bytes => ModelManifest.Parse(bytes));
        AssertReadOrRefused(json, bytes => ModelManifest.ParseDraft(bytes));
        AssertReadOrRefused(json, bytes => ServingPolicy.Parse(bytes));
        AssertReadOrRefused(json, bytes => DesiredState.Parse(bytes));
        AssertReadOrRefused(json, bytes => ModelOverrides.Parse(bytes));
        _ = WatchPointer.Find(json);
    }));

    private static void AssertReadOrRefused(byte[] json, Func<byte[], object> read)
    {
        try { Assert.NotNull(read(json)); }
        catch (InvalidDocumentException problem)
        {
            Assert.DoesNotContain("System.", problem.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("ModelPlatform", problem.Message, StringComparison.Ordinal);
            Assert.InRange(problem.Message.Length, 1, 400);
        }
    }

    private static byte[] Damage(byte[] document, IEnumerable<(int Place, byte Value)> changes)
    {
        foreach (var (place, value) in changes) document[place] = value;
        return document;
    }
}
