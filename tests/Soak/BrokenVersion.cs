using System.Text;
using ModelPlatform.Tests.EndToEnd.Load;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Soak;

/// <summary>Versions that are refused at different stages: each leaves something to clean up behind.</summary>
internal static class BrokenVersion
{
    public const int Every = 5;

    public static (string Folder, Dictionary<string, byte[]> Files) Next(int version)
    {
        var files = Edition(version);
        switch (version % 3)
        {
            case 0: return (RepositoryRoot.Combine("samples", "fashion", "broken", "corrupt"), files);
            case 1: return (RepositoryRoot.Combine("samples", "fashion", "broken", "golden"), files);
            default:
                // Nothing is wrong with its form: the runtime itself must refuse it.
                files["model.onnx"] = OnnxModels.WithOperatorOf("");
                return (ScoringLoad.FolderOf(version), files);
        }
    }

    /// <summary>A file that makes the content new, and with it the identity.</summary>
    public static Dictionary<string, byte[]> Edition(int version) => new() { ["edition.txt"] = Encoding.UTF8.GetBytes($"{version}") };
}
