namespace ModelPlatform.Inference.Tensors;

/// <summary>An element type in the words of the Open Inference Protocol, with its size in bytes; of BYTES the size of the shortest element, its length alone.</summary>
internal sealed record Datatype(string Name, int Size)
{
    public static readonly Datatype Bool = new("BOOL", 1);
    public static readonly Datatype Uint8 = new("UINT8", 1);
    public static readonly Datatype Uint16 = new("UINT16", 2);
    public static readonly Datatype Uint32 = new("UINT32", 4);
    public static readonly Datatype Uint64 = new("UINT64", 8);
    public static readonly Datatype Int8 = new("INT8", 1);
    public static readonly Datatype Int16 = new("INT16", 2);
    public static readonly Datatype Int32 = new("INT32", 4);
    public static readonly Datatype Int64 = new("INT64", 8);
    public static readonly Datatype Fp16 = new("FP16", 2);
    public static readonly Datatype Bf16 = new("BF16", 2);
    public static readonly Datatype Fp32 = new("FP32", 4);
    public static readonly Datatype Fp64 = new("FP64", 8);

    public static readonly Datatype Bytes = new("BYTES", TextElements.LengthSize);

    public static readonly IReadOnlyList<Datatype> All =
        [Bool, Uint8, Uint16, Uint32, Uint64, Int8, Int16, Int32, Int64, Fp16, Bf16, Fp32, Fp64, Bytes];

    public static Datatype? Find(string name) => All.FirstOrDefault(type => type.Name == name);

    public override string ToString() => Name;
}
