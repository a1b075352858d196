using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Execution;

/// <summary>Managed tensors lent to the runtime: pinned, not copied, until disposed; but texts.</summary>
internal sealed class BoundInputs : IDisposable
{
    private readonly MemoryHandle[] _pins;
    private readonly OrtValue[] _values;

    public unsafe BoundInputs(IReadOnlyList<Tensor> inputs)
    {
        Names = [.. inputs.Select(input => input.Name)];
        _pins = new MemoryHandle[inputs.Count];
        _values = new OrtValue[inputs.Count];
        try
        {
            for (var i = 0; i < inputs.Count; i++)
            {
                var input = inputs[i];
                if (input.Datatype == Datatype.Bytes)
                {
                    _values[i] = TextValues.ToValue(input);
                    continue;
                }
                _pins[i] = input.Data.Pin();
                _values[i] = OrtValue.CreateTensorValueWithData(
                    OrtMemoryInfo.DefaultInstance, OnnxTypes.ElementTypeOf(input.Datatype), input.Shape, (nint)_pins[i].Pointer, input.Data.Length);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string[] Names { get; }

    public IReadOnlyCollection<OrtValue> Values => _values;

    public void Dispose()
    {
        foreach (var value in _values) value?.Dispose();
        foreach (var pin in _pins) pin.Dispose();
    }
}
