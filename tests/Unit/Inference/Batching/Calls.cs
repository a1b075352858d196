using ModelPlatform.Inference.Batching;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Tests.Unit.Inference.Batching;

/// <summary>Calls of an input x, INT64 [rows, 1], whose every row holds the same number.</summary>
internal static class Calls
{
    public static Tensor[] Of(long number, int rows = 1, string name = "x")
    {
        var tensor = Tensor.Zeros(name, Datatype.Int64, [rows, 1]);
        tensor.Elements<long>().Fill(number);
        return [tensor];
    }

    public static PendingCall Pending(Tensor[] inputs, TimeProvider? time = null) =>
        new(inputs, (time ?? TimeProvider.System).GetTimestamp(), default, CancellationToken.None);

    public static IEnumerable<long> Numbers(IReadOnlyList<Tensor> tensors) => tensors[0].Elements<long>().ToArray();
}
