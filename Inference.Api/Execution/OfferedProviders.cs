using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ModelPlatform.Inference.Execution;

/// <summary>Lets no replica start with a provider that is not there: every model would fail on it, one after the other, for ever.</summary>
internal sealed class OfferedProviders : IValidateOptions<ExecutionOptions>
{
    public ValidateOptionsResult Validate(string? name, ExecutionOptions options) =>
        Problem(options.Providers) is { } problem ? ValidateOptionsResult.Fail($"{ExecutionOptions.Section}:{nameof(options.Providers)}: {problem}") : ValidateOptionsResult.Success;

    private static string? Problem(string names)
    {
        // Without a look at the library: that loads it, which a replica does when it has a model.
        if (names == ExecutionProviders.Cpu) return null;
        if (ExecutionProviders.TryParse(names, OrtEnv.Instance().GetAvailableProviders(), out var problem) is not { } providers) return problem;
        try
        {
            using var session = new SessionOptions();
            providers.AppendTo(session);
            return null;
        }
        catch (Exception missing) when (missing is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            return $"'{providers}' cannot be used on this machine: {missing.Message}";
        }
    }
}
