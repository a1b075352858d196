using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Rest;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Protocol;

/// <summary>What was sent in binary is read exactly, or refused with a reason: nothing is answered from bytes that were not sent.</summary>
public sealed class BinaryTensorPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly Gen<Tensor> Numbers =
        from rank in Gen.Choose(0, 4)
        from sides in Gen.Choose(0, 3).ListOf(rank)
        let shape = sides.Select(side => (long)side).ToArray()
        from datatype in Gen.Elements(Datatype.All.Except([Datatype.Bytes]).ToArray())
        from bytes in Gen.Choose(0, datatype == Datatype.Bool ? 1 : 255).ListOf((int)(Shapes.Count(shape)!.Value * datatype.Size))
        select new Tensor("x", datatype, shape, [.. bytes.Select(value => (byte)value)]);

    private static readonly Gen<Tensor> Texts =
        from sides in Gen.Choose(0, 3).ListOf(2)
        from isText in ArbMap.Default.GeneratorFor<bool>()
        from elements in (isText ? ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => Encoding.UTF8.GetBytes(text.Get)) : ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => bytes ?? []))
            .ListOf(sides[0] * sides[1])
        select new Tensor("x", Datatype.Bytes, [sides[0], sides[1]], [.. elements.SelectMany(element => BitConverter.GetBytes(element.Length).Concat(element))]);

    private static readonly Gen<Tensor> Tensors = Gen.Frequency((4, Numbers), (1, Texts));

    // Each tensor with whether it goes in binary form; those that JSON cannot say always do.
    private static readonly Gen<(Tensor Tensor, bool IsBinary)[]> Calls =
        (from tensor in Tensors from isBinary in ArbMap.Default.GeneratorFor<bool>() select (tensor, isBinary || !CanBeJson(tensor))).ArrayOf();

    [Fact]
    public void Tensors_in_either_form_come_back_as_they_were_sent() => Check.One(Often, Prop.ForAll(Calls.ToArbitrary(), sent =>
    {
        var (json, binary) = Body(sent);
        var read = InferReader.Read(InferBody.Split((byte[])[.. json, .. binary], $"{json.Length}"), maxDepth: 100).Call.Inputs;
        Assert.Equal(sent.Length, read.Count);
        foreach (var (before, after) in sent.Zip(read))
        {
            Assert.Equal((before.Tensor.Name, before.Tensor.Datatype), (after.Name, after.Datatype));
            Assert.Equal(before.Tensor.Shape, after.Shape);
            Assert.Equal(before.Tensor.Data, after.Data);
        }
    }));

    [Fact]
    public void A_damaged_body_is_read_from_what_was_sent_or_refused_as_invalid()
    {
        int read = 0, refused = 0;
        Check.One(Often.WithMaxTest(2000), Prop.ForAll(Damaged.ToArbitrary(), sent =>
        {
            try
            {
                var inputs = InferReader.Read(InferBody.Split(sent.Body, sent.Header), maxDepth: 100).Call.Inputs;
                Assert.All(inputs, input => Assert.InRange(input.Data.Length, 0, sent.Body.Length * 8));
                Assert.All(inputs.Where(input => !CanBeJson(input)), input => Assert.True(sent.Body.AsSpan().IndexOf(input.Data.Span) >= 0));
                read++;
            }
            catch (InferenceFault fault)
            {
                Assert.Equal(FaultKind.InvalidInput, fault.Kind);
                refused++;
            }
        }));
        Assert.InRange(read, 200, 1800);
        Assert.InRange(refused, 200, 1800);
    }

    [Fact]
    public void Raw_bodies_are_read_whole_or_refused() => Check.One(Often, Prop.ForAll(
        (from rank in Gen.Choose(0, 4)
         from sides in Gen.Choose(-1, 3).ListOf(rank)
         from datatype in Gen.Elements(Datatype.All.ToArray())
         from body in ArbMap.Default.GeneratorFor<byte[]>()
         select (new TensorSpec("x", datatype, [.. sides.Select(side => (long)side)]), body ?? [])).ToArbitrary(),
        sent =>
        {
            var (spec, body) = sent;
            try
            {
                var tensor = RawInput.Read([spec], body);
                Assert.Equal(body, spec.Datatype == Datatype.Bytes ? tensor.Data[4..] : tensor.Data);
                Assert.True(Shapes.Allows(spec.Shape, tensor.Shape));
            }
            catch (InferenceFault fault) { Assert.Equal(FaultKind.InvalidInput, fault.Kind); }
        }));

    // Some bytes of the JSON replaced, the body cut or lengthened, another header.
    private static readonly Gen<(byte[] Body, string Header)> Damaged =
        from sent in Calls
        let body = Body(sent)
        from count in Gen.Choose(0, 2)
        from places in Gen.Choose(0, body.Json.Length - 1).ListOf(count)
        from bytes in Gen.OneOf(Gen.Elements("{}[]\",:0-.en\\"u8.ToArray()), Gen.Choose(0, 255).Select(number => (byte)number)).ListOf(count)
        from cut in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, body.Binary.Length)))
        from more in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 9)))
        from header in Gen.Frequency((6, Gen.Constant(body.Json.Length)), (1, Gen.Choose(-1, body.Json.Length + body.Binary.Length + 1)))
        select ((byte[])[.. Damage(body.Json, places.Zip(bytes)), .. body.Binary[cut..], .. new byte[more]], $"{header}");

    private static (byte[] Json, byte[] Binary) Body((Tensor Tensor, bool IsBinary)[] sent)
    {
        var inputs = sent.Select(input =>
        {
            var how = input.IsBinary ? $"\"parameters\":{{\"binary_data_size\":{input.Tensor.Data.Length}}}" : $"\"data\":{JsonOf(input.Tensor)}";
            return $"{{\"name\":\"x\",\"shape\":{JsonSerializer.Serialize(input.Tensor.Shape)},\"datatype\":\"{input.Tensor.Datatype}\",{how}}}";
        });
        return (Encoding.UTF8.GetBytes($"{{\"inputs\":[{string.Join(',', inputs)}]}}"), [.. sent.Where(input => input.IsBinary).SelectMany(input => input.Tensor.Data.ToArray())]);
    }

    private static bool CanBeJson(Tensor tensor) => tensor.Datatype.Name switch
    {
        "FP16" or "BF16" => false,
        "FP32" => tensor.Elements<float>().ToArray().All(float.IsFinite),
        "FP64" => tensor.Elements<double>().ToArray().All(double.IsFinite),
        "BYTES" => Elements(tensor).All(element => System.Text.Unicode.Utf8.IsValid(element)),
        _ => true,
    };

    private static List<byte[]> Elements(Tensor texts)
    {
        var elements = new List<byte[]>();
        for (ReadOnlySpan<byte> left = texts.Data.Span; !left.IsEmpty;) elements.Add(TextElements.TakeFirst(ref left).ToArray());
        return elements;
    }

    private static string JsonOf(Tensor tensor)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) JsonTensors.Write(json, tensor);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static byte[] Damage(byte[] document, IEnumerable<(int Place, byte Value)> changes)
    {
        foreach (var (place, value) in changes) document[place] = value;
        return document;
    }
}
