using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using ModelPlatform.Inference;
using ModelPlatform.Inference.Protocol.Grpc;
using ModelPlatform.Inference.Protocol.Grpc.Wire;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Protocol.Grpc;

/// <summary>A tensor is the same in every form, and bytes that are no call are refused: nothing is computed from what was not sent.</summary>
public sealed class InferMessagePropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly Gen<Tensor> Tensors =
        from rank in Gen.Choose(0, 4)
        from sides in Gen.Choose(0, 3).ListOf(rank)
        let shape = sides.Select(side => (long)side).ToArray()
        from datatype in Gen.Elements(Datatype.All.ToArray())
        let count = (int)Shapes.Count(shape)!.Value
        from bytes in Gen.Choose(0, datatype == Datatype.Bool ? 1 : 255).Select(value => (byte)value).ListOf(count * datatype.Size)
        from texts in ArbMap.Default.GeneratorFor<byte[]>().Select(text => new ReadOnlyMemory<byte>(text)).ListOf(count)
        select datatype == Datatype.Bytes ? TextElements.ToTensor("x", shape, [.. texts]) : new Tensor("x", datatype, shape, [.. bytes]);

    [Fact]
    public void Raw_and_typed_contents_of_a_tensor_are_the_same_tensor() => Check.One(Often, Prop.ForAll(Tensors.ListOf().ToArbitrary(), sent =>
    {
        var raw = Parsed(new ModelInferRequest { Inputs = { sent.Select(Input) }, RawInputContents = { sent.Select(tensor => ByteString.CopyFrom(tensor.Data.Span)) } });
        Same(sent, InferMessages.Read(raw).Inputs);

        var sayable = sent.Where(tensor => tensor.Datatype.Name is not ("FP16" or "BF16")).ToList();
        var typed = Parsed(new ModelInferRequest { Inputs = { sayable.Select(Input) } });
        foreach (var (input, tensor) in typed.Inputs.Zip(sayable)) input.Contents = Contents(tensor);
        Same(sayable, InferMessages.Read(Parsed(typed)).Inputs);
    }));

    [Fact]
    public void A_damaged_message_is_read_or_refused_as_invalid()
    {
        int read = 0, refused = 0;
        Check.One(Often.WithMaxTest(3000), Prop.ForAll(Damaged.ToArbitrary(), bytes =>
        {
            Assert.Equal(MessageSize.Fits, MessageFields.SizeOf(new ReadOnlySequence<byte>(bytes), long.MaxValue));
            try
            {
                var inputs = InferMessages.Read(ModelInferRequest.Parser.ParseFrom(bytes)).Inputs;
                Assert.All(inputs, input => Assert.InRange(input.Data.Length, 0, bytes.Length * 8));
                read++;
            }
            catch (InvalidProtocolBufferException) { refused++; }
            catch (InferenceFault fault)
            {
                Assert.Equal(FaultKind.InvalidInput, fault.Kind);
                refused++;
            }
        }));
        Assert.InRange(read, 300, 2700);
        Assert.InRange(refused, 300, 2700);
    }

    [Fact]
    public void Garbage_is_never_more_than_refused() => Check.One(Often.WithMaxTest(3000), Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), bytes =>
    {
        MessageFields.SizeOf(new ReadOnlySequence<byte>(bytes ?? []), 1000);
        try { InferMessages.Read(ModelInferRequest.Parser.ParseFrom(bytes ?? [])); }
        catch (InvalidProtocolBufferException) { }
        catch (InferenceFault fault) { Assert.Equal(FaultKind.InvalidInput, fault.Kind); }
    }));

    [Fact]
    public void Every_field_is_counted_however_the_message_is_cut_into_segments() => Check.One(Often, Prop.ForAll(
        Gen.Choose(MessageFields.Most - 20, MessageFields.Most + 20).ToArbitrary(), Gen.Choose(1, 9).ToArbitrary(), (inputs, size) =>
        {
            var message = new ModelInferRequest { ModelName = "m", Inputs = { Enumerable.Repeat(new ModelInferRequest.Types.InferInputTensor { Name = "x" }, inputs / 2) } }.ToByteArray();
            // The model's name, and of each input itself and its own name.
            Assert.Equal(1 + (inputs / 2 * 2) <= MessageFields.Most, MessageFields.SizeOf(Segmented(message, size * 100), 0) == MessageSize.Fits);
        }));

    [Fact]
    public void Elements_that_stand_by_themselves_are_counted_and_packed_ones_by_the_bytes_that_they_become()
    {
        Assert.Equal(MessageSize.Fits, SizeOf(new() { BytesContents = { Enumerable.Repeat(ByteString.Empty, TextElements.Most) } }, 0));
        Assert.Equal(MessageSize.TooManyFields, SizeOf(new() { BytesContents = { Enumerable.Repeat(ByteString.Empty, TextElements.Most + 1) } }, 0));

        var most = 2 * TextElements.Most;
        Assert.Equal(MessageSize.Fits, SizeOf(new() { Fp32Contents = { new float[most] }, Fp64Contents = { new double[most] } }, 0));
        foreach (var (contents, bytes) in new (InferTensorContents, long)[]
        {
            (new() { BoolContents = { new bool[most] } }, most),
            (new() { IntContents = { new int[most] } }, 4L * most),
            (new() { UintContents = { Enumerable.Repeat(300u, most) } }, 4L * most),
            (new() { Int64Contents = { Enumerable.Repeat(-1L, most) } }, 8L * most),
            (new() { Uint64Contents = { new ulong[most] }, BoolContents = { true } }, 8L * most + 1),
        })
        {
            Assert.Equal(MessageSize.Fits, SizeOf(contents, bytes));
            Assert.Equal(MessageSize.TooLarge, SizeOf(contents, bytes - 1));
        }

        static MessageSize SizeOf(InferTensorContents contents, long mostBytes) => MessageFields.SizeOf(
            Segmented(new ModelInferRequest { Inputs = { new ModelInferRequest.Types.InferInputTensor { Contents = contents } } }.ToByteArray(), 4096), mostBytes);
    }

    [Theory]
    [InlineData(new byte[] { 0x2a, 0 })]
    [InlineData(new byte[] { 0x2a, 0x80, 0x80, 0x80, 0x80, 0x10 })]         // a length above 32 bits
    [InlineData(new byte[] { 0xaa, 0x80, 0x80, 0x80, 0x80, 0x01, 0 })]      // a tag above 32 bits
    [InlineData(new byte[] { 0xa3, 0x06, 0xa4, 0x06 })]                     // a group that nobody knows
    public void No_way_of_writing_a_field_escapes_the_count(byte[] field) =>
        Assert.Equal(MessageSize.TooManyFields, MessageFields.SizeOf(new ReadOnlySequence<byte>([.. Enumerable.Repeat(field, MessageFields.Most + 1).SelectMany(bytes => bytes)]), 0));

    private static readonly Gen<byte[]> Damaged =
        from tensors in Tensors.NonEmptyListOf()
        from isRaw in ArbMap.Default.GeneratorFor<bool>()
        let message = Message(tensors.ToList(), isRaw)
        from count in Gen.Choose(0, 3)
        from places in Gen.Choose(0, message.Length - 1).ListOf(count)
        from bytes in Gen.Choose(0, 255).ListOf(count)
        from cut in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, message.Length)))
        select Damage(message, places.Zip(bytes))[cut..];

    private static byte[] Message(List<Tensor> tensors, bool isRaw)
    {
        var request = new ModelInferRequest { ModelName = "m", Inputs = { tensors.Select(Input) } };
        if (isRaw) request.RawInputContents.Add(tensors.Select(tensor => ByteString.CopyFrom(tensor.Data.Span)));
        else foreach (var (input, tensor) in request.Inputs.Zip(tensors)) input.Contents = Contents(tensor);
        return request.ToByteArray();
    }

    private static ModelInferRequest.Types.InferInputTensor Input(Tensor tensor) => new() { Name = tensor.Name, Datatype = tensor.Datatype.Name, Shape = { tensor.Shape } };

    private static InferTensorContents Contents(Tensor tensor) => tensor.Datatype.Name switch
    {
        "BOOL" => new() { BoolContents = { tensor.Data.ToArray().Select(value => value == 1) } },
        "INT8" => new() { IntContents = { tensor.Data.ToArray().Select(value => (int)(sbyte)value) } },
        "INT16" => new() { IntContents = { tensor.Elements<short>().ToArray().Select(value => (int)value) } },
        "INT32" => new() { IntContents = { tensor.Elements<int>().ToArray() } },
        "INT64" => new() { Int64Contents = { tensor.Elements<long>().ToArray() } },
        "UINT8" => new() { UintContents = { tensor.Data.ToArray().Select(value => (uint)value) } },
        "UINT16" => new() { UintContents = { tensor.Elements<ushort>().ToArray().Select(value => (uint)value) } },
        "UINT32" => new() { UintContents = { tensor.Elements<uint>().ToArray() } },
        "UINT64" => new() { Uint64Contents = { tensor.Elements<ulong>().ToArray() } },
        "FP32" => new() { Fp32Contents = { tensor.Elements<float>().ToArray() } },
        "FP64" => new() { Fp64Contents = { tensor.Elements<double>().ToArray() } },
        "BYTES" => new() { BytesContents = { Texts(tensor) } },
        _ => new() { Fp32Contents = { 0 } },
    };

    private static List<ByteString> Texts(Tensor tensor)
    {
        var texts = new List<ByteString>();
        for (ReadOnlySpan<byte> left = tensor.Data.Span; !left.IsEmpty;) texts.Add(ByteString.CopyFrom(TextElements.TakeFirst(ref left)));
        return texts;
    }

    private static ModelInferRequest Parsed(ModelInferRequest sent) => ModelInferRequest.Parser.ParseFrom(sent.ToByteArray());

    private static void Same(IReadOnlyList<Tensor> sent, IReadOnlyList<Tensor> read)
    {
        Assert.Equal(sent.Count, read.Count);
        foreach (var (before, after) in sent.Zip(read))
        {
            Assert.Equal((before.Name, before.Datatype), (after.Name, after.Datatype));
            Assert.Equal(before.Shape, after.Shape);
            Assert.Equal(before.Data.ToArray(), after.Data.ToArray());
        }
    }

    private static byte[] Damage(byte[] message, IEnumerable<(int Place, int Value)> changes)
    {
        foreach (var (place, value) in changes) message[place] = (byte)value;
        return message;
    }

    private static ReadOnlySequence<byte> Segmented(byte[] bytes, int size)
    {
        Segment? first = null, last = null;
        foreach (var part in bytes.Chunk(size))
        {
            last = new Segment(part, last);
            first ??= last;
        }
        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? before)
        {
            Memory = bytes;
            if (before is null) return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
