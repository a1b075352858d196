using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Tensors;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference;

/// <summary>Holds a call against what the model takes and gives, so that the runtime sees only what fits.</summary>
internal static class InputRules
{
    /// <summary>Inputs or outputs that a call may name: more than any has reason for.</summary>
    public const int MostTensors = 10_000;

    /// <exception cref="InferenceFault">Names the tensor and what is wrong with it.</exception>
    public static void Require(InferCall call, LoadedModel model)
    {
        foreach (var input in call.Inputs)
        {
            var spec = model.Inputs.FirstOrDefault(spec => spec.Name == input.Name)
                ?? throw Wrong($"Model '{model.Id.Name}' has no input '{Quoted.Of(input.Name)}'; it has {Names(model.Inputs)}.");
            if (input.Datatype != spec.Datatype) throw Wrong($"Input '{spec.Name}' must be {spec.Datatype}, not {input.Datatype}.");
            if (!Shapes.Allows(spec.Shape, input.Shape)) throw Wrong($"Input '{spec.Name}' must have the shape {Shapes.Text(spec.Shape)}, not {Shapes.Text(input.Shape)}.");
        }
        foreach (var spec in model.Inputs.Where(spec => call.Inputs.Count(input => input.Name == spec.Name) != 1))
            throw Wrong(call.Inputs.Any(input => input.Name == spec.Name) ? $"Input '{spec.Name}' is there more than once." : $"Input '{spec.Name}' is missing.");

        foreach (var name in (call.Outputs ?? []).Select(output => output.Name))
        {
            if (model.Outputs.All(spec => spec.Name != name)) throw Wrong($"Model '{model.Id.Name}' has no output '{Quoted.Of(name)}'; it has {Names(model.Outputs)}.");
            if (call.Outputs!.Count(other => other.Name == name) > 1) throw Wrong($"Output '{name}' is asked for more than once.");
        }
    }

    private static string Names(IReadOnlyList<TensorSpec> specs) => string.Join(", ", specs.Select(spec => $"'{spec.Name}'"));

    private static InferenceFault Wrong(string reason) => new(FaultKind.InvalidInput, reason);
}
