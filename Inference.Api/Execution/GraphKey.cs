using System.Runtime.InteropServices;
using System.Text;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Execution;

/// <summary>Where an optimised graph is good: the same release of the runtime on the same kind of processor, optimised in the same way.</summary>
internal static class GraphKey
{
    private const string Way = "CPU, ORT_ENABLE_ALL";

    private static readonly Lazy<string?> Here = new(() => Of(OnnxSession.RuntimeVersion, RuntimeInformation.ProcessArchitecture, ProcessorFeatures.OfThisMachine()));

    /// <summary>Null where it cannot be told what kind of processor this is.</summary>
    public static string? OfThisMachine() => Here.Value;

    public static string? Of(string runtimeVersion, Architecture architecture, string? processor) =>
        processor is null ? null : Sha256Digest.Of(Encoding.UTF8.GetBytes($"{Way}\n{runtimeVersion}\n{architecture}\n{processor}")).ToString()[..16];
}
