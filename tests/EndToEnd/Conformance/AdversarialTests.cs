using System.Diagnostics;
using System.Globalization;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>Calls that mean harm: each is refused with a reason that names what is wrong, and the next good one is answered.</summary>
[Collection(OneConformancePlatform.Name)]
public sealed class AdversarialTests(ConformancePlatform conformance, ITestOutputHelper output)
{
    private const int BodyLimit = 64 << 20;
    private const string Types = "/v2/models/types/infer";
    private static readonly string Text4K = new('a', 4096);

    [Theory, EachTarget]
    public async Task It_is_refused_with_a_reason_and_the_next_call_is_answered(string target)
    {
        var server = conformance.At(target);
        var good = Fashion.Json(conformance.Pixels);
        foreach (var (what, status, named, send) in Vectors())
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await send(server);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms, {answer}"));
            Assert.True(answer is { Status: var was, MediaType: "application/json" } && was == status, $"{what}: {answer}");
            var reason = (string?)answer.Json["error"];
            Assert.Contains(named, reason, StringComparison.Ordinal);
            Assert.True(reason!.Length > 10, reason);
            Assert.Equal(10, Fashion.Logits(await server.PostAsync(Fashion.Infer, good)).Length);
        }
    }

    [Theory, EachTarget]
    public async Task An_id_of_a_megabyte_is_only_long(string target)
    {
        var id = new string('i', 1 << 20);
        var answer = await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels, $$""","id":"{{id}}" """));
        Assert.Equal(id, (string?)answer.Json["id"]);
    }

    // By the web server itself, which says no more.
    [Theory, EachTarget]
    public async Task A_name_with_a_zero_byte_is_refused_before_anything_looks_at_it(string target)
    {
        Assert.Equal(400, (await conformance.At(target).PostAsync("/v2/models/fashion%00/infer", Fashion.Json(conformance.Pixels))).Status);
        Assert.Equal(10, Fashion.Logits(await conformance.At(target).PostAsync(Fashion.Infer, Fashion.Json(conformance.Pixels))).Length);
    }

    private IEnumerable<(string What, int Status, string Named, Func<OipClient, Task<OipAnswer>> Send)> Vectors() =>
    [
        // 2^60 × 784 is a multiple of 2^64: what wraps around finds no element missing.
        ("a product of dimensions that wraps to nothing", 400, "'image'", Post(Fashion.Infer, Picture("[1152921504606846976,1,28,28]", "[]"))),
        ("negative dimensions", 400, "'image'", Post(Fashion.Infer, Picture("[-1,1,28,28]", "[1]"))),
        ("millions of elements too many", 400, "'FP64 in'", Post(Types, $$"""{"inputs":[{"name":"FP64 in","shape":[1,2],"datatype":"FP64","data":[{{string.Join(',', Enumerable.Repeat('0', 4_000_000))}}]}]}""")),
        ("JSON that is too deep", 400, "too deep", Post(Fashion.Infer, Fashion.Json(conformance.Pixels, $",\"more\":{new string('[', 101)}"))),
        ("an index of 60 000 levels", 400, "The body", Post("/v2/repository/index", new string('[', 60_000))),
        ("an index of more than a line or two", 413, "65536", server => server.SendAsync("POST", "/v2/repository/index", OipClient.Content(new byte[250_000], encoding: "gzip"))),
        ("an output twice", 400, "'logits'", Post(Fashion.Infer, Fashion.Json(conformance.Pixels, ""","outputs":[{"name":"logits"},{"name":"logits"}]"""))),
        ("parameters within parameters", 400, "parameters", Post(Fashion.Infer, Fashion.Json(conformance.Pixels, ""","parameters":{"a":{"b":1}}"""))),
        ("a text that is longer than what is left", 400, "'BYTES in'", server => server.PostBinaryAsync(
            Types, """{"inputs":[{"name":"BYTES in","shape":[1,2],"datatype":"BYTES","parameters":{"binary_data_size":8}}]}""", [0, 0, 0, 0, 1, 0, 0, 0])),
        ("FP16 in JSON", 400, "FP16", Post(Types, """{"inputs":[{"name":"FP16 in","shape":[1,2],"datatype":"FP16","data":[1,2]}]}""")),
        ("FP16 asked for in JSON", 400, "FP16", server => server.PostBinaryAsync(
            Types, $$"""{"inputs":[{{string.Join(',', Sample.OfEveryDatatype.Select(sample => sample.ToInput(binary: true)))}}]}""", [.. Sample.OfEveryDatatype.SelectMany(sample => sample.Binary)])),
        .. new[] { "99999999999", "-1", "1e2", "5000", "12" }.Select(length => ($"a JSON length of {length}", 400, "", Binary(jsonLength: length))),
        .. new object[] { -1, "\"many\"", 99999999999, 3135, 3137 }.Select(size => ($"binary_data_size {size}", 400, "", Binary(size: size))),
        ("a body of the limit and a byte", 413, "67108864", server => server.SendAsync("POST", Fashion.Infer, OipClient.Content(new byte[BodyLimit + 1]))),
        ("a bomb", 413, "67108864", server => server.SendAsync("POST", Fashion.Infer, OipClient.Content(new byte[BodyLimit + 1], encoding: "gzip"))),
        ("an encoding of its own", 415, "gzip", server => server.SendAsync("POST", Fashion.Infer, Claimed(conformance.Pixels, "zstd"))),
        ("what is no gzip", 400, "Content-Encoding", server => server.SendAsync("POST", Fashion.Infer, Claimed(conformance.Pixels, "gzip"))),
        .. new[] { "%2e%2e", "..", "a/b", "a%2fb", Text4K }.Select(name => ($"the name {name[..Math.Min(name.Length, 12)]}", 404, "", Post($"/v2/models/{name}/infer", Fashion.Json(conformance.Pixels)))),
        .. new[] { "00", "01", "1e3", "-1", "9223372036854775808" }.Select(version => ($"version {version}", 404, version, Post($"/v2/models/fashion/versions/{version}/infer", Fashion.Json(conformance.Pixels)))),
    ];

    private static Func<OipClient, Task<OipAnswer>> Post(string path, string body) => server => server.PostAsync(path, body);

    private Func<OipClient, Task<OipAnswer>> Binary(object? size = null, string? jsonLength = null) =>
        server => server.PostBinaryAsync(Fashion.Infer, Fashion.BeforeBinary(size: size), conformance.Pixels, jsonLength);

    private static string Picture(string shape, string data) => $$"""{"inputs":[{"name":"image","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""";

    private static ByteArrayContent Claimed(byte[] body, string encoding) => new(body) { Headers = { ContentEncoding = { encoding } } };
}
