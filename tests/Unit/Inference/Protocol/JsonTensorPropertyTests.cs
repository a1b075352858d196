using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Protocol.Score;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>Whatever a client sends is read exactly, or refused with a reason: nothing is answered from bytes that were not sent.</summary>
public sealed class JsonTensorPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly Gen<long[]> Shapes = Gen.Choose(0, 4).SelectMany(rank => Gen.Choose(0, 3).ListOf(rank)).Select(sides => sides.Select(side => (long)side).ToArray());

    private static readonly Gen<Tensor> Tensors =
        from shape in Shapes
        from datatype in Gen.Elements(Datatype.Fp32, Datatype.Fp64, Datatype.Int8, Datatype.Int64, Datatype.Uint8, Datatype.Uint64)
        from bytes in ArbMap.Default.GeneratorFor<byte>().ListOf((int)(ModelPlatform.Inference.Tensors.Shapes.Count(shape)!.Value * datatype.Size))
        select Finite(new Tensor("x", datatype, shape, [.. bytes]));

    private static readonly Gen<string> Orders = Gen.Shuffle(["name", "shape", "datatype", "data", "meta"]).Select(members => string.Join(' ', members));

    // A valid body with some bytes replaced by ones that matter in JSON, or by any, or cut short.
    private static readonly Gen<byte[]> Damaged =
        from tensor in Tensors
        from order in Orders
        from isNested in ArbMap.Default.GeneratorFor<bool>()
        let body = Body(tensor, order, isNested)
        from length in Gen.Frequency((3, Gen.Constant(body.Length)), (1, Gen.Choose(0, body.Length)))
        from count in Gen.Choose(0, 4)
        from places in Gen.Choose(0, body.Length - 1).ListOf(count)
        from bytes in Gen.OneOf(Gen.Elements("{}[]\",:0-.en\\"u8.ToArray()), Gen.Choose(0, 255).Select(number => (byte)number)).ListOf(count)
        select Damage(body, places.Zip(bytes))[..length];

    [Fact]
    public void A_tensor_is_read_as_it_was_written_flat_or_nested_in_any_order_of_its_members() => Check.One(Often, Prop.ForAll(
        (from tensor in Tensors from order in Orders from isNested in ArbMap.Default.GeneratorFor<bool>() select (tensor, order, isNested)).ToArbitrary(),
        sent =>
        {
            var read = Assert.Single(InferReader.Read(new InferBody(Body(sent.tensor, sent.order, sent.isNested), null), maxDepth: 100).Call.Inputs);
            Assert.Equal(sent.tensor.Shape, read.Shape);
            Assert.Equal(sent.tensor.Data, read.Data);
        }));

    [Fact]
    public void A_damaged_body_is_read_or_refused_as_invalid() => Check.One(Often.WithMaxTest(4000), Prop.ForAll(Damaged.ToArbitrary(), body =>
    {
        try { Assert.All(InferReader.Read(new InferBody(body, null), maxDepth: 100).Call.Inputs, tensor => Assert.InRange(tensor.Data.Length, 0, body.Length * 8)); }
        catch (InferenceFault fault) { Assert.Equal(FaultKind.InvalidInput, fault.Kind); }
    }));

    [Fact]
    public void Pictures_in_base64_are_read_as_they_were_sent_or_refused() => Check.One(Often, Prop.ForAll(
        (from pictures in ArbMap.Default.GeneratorFor<byte[]>().Where(picture => picture is { Length: > 0 }).ListOf()
         from isWrapped in ArbMap.Default.GeneratorFor<bool>()
         from place in Gen.Choose(0, 200)
         from change in Gen.Choose(0, 255)
         select (pictures, isWrapped, place, change)).ToArbitrary(),
        sent =>
        {
            var texts = sent.pictures.Select(picture => Convert.ToBase64String(picture)).Select(text => sent.isWrapped ? $"b'{text}'" : text);
            var body = JsonSerializer.SerializeToUtf8Bytes(new { input = JsonSerializer.Serialize(texts) });
            Assert.Equal(sent.pictures, ScoreReader.Read(body, maxPictures: 1000).Select(picture => picture.ToArray()));

            body[sent.place % body.Length] = (byte)sent.change;
            try { Assert.All(ScoreReader.Read(body, maxPictures: 1000), picture => Assert.InRange(picture.Length, 1, body.Length)); }
            catch (InferenceFault fault) { Assert.Equal(FaultKind.InvalidInput, fault.Kind); }
        }));

    private static byte[] Body(Tensor tensor, string order, bool isNested)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) JsonTensors.Write(json, tensor);
        var flat = Encoding.UTF8.GetString(stream.ToArray());
        var members = order.Split(' ').Select(member => member switch
        {
            "name" => "\"name\": \"x\"",
            "shape" => $"\"shape\": {JsonSerializer.Serialize(tensor.Shape)}",
            "datatype" => $"\"datatype\": \"{tensor.Datatype}\"",
            "data" => $"\"data\": {(isNested && tensor.Shape.Length > 0 ? Nested(flat[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries), tensor.Shape) : flat)}",
            _ => "\"meta\": { \"nested\": [ { \"data\": [ 1 ] } ] }",
        });
        return Encoding.UTF8.GetBytes($$"""{ "inputs": [ { {{string.Join(", ", members)}} } ] }""");
    }

    private static string Nested(ReadOnlySpan<string> numbers, ReadOnlySpan<long> shape)
    {
        if (shape.Length == 0) return numbers[0];
        var parts = new List<string>();
        var size = shape[0] == 0 ? 0 : numbers.Length / (int)shape[0];
        for (var i = 0; i < shape[0]; i++) parts.Add(Nested(numbers.Slice(i * size, size), shape[1..]));
        return $"[{string.Join(',', parts)}]";
    }

    private static Tensor Finite(Tensor tensor)
    {
        if (tensor.Datatype == Datatype.Fp32) foreach (ref var value in tensor.Elements<float>()) value = float.IsFinite(value) ? value : 1;
        if (tensor.Datatype == Datatype.Fp64) foreach (ref var value in tensor.Elements<double>()) value = double.IsFinite(value) ? value : 1;
        return tensor;
    }

    private static byte[] Damage(byte[] document, IEnumerable<(int Place, byte Value)> changes)
    {
        foreach (var (place, value) in changes) document[place] = value;
        return document;
    }
}
