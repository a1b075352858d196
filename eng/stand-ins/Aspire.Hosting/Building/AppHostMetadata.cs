using System.Reflection;

namespace Aspire.Hosting;

/// <summary>What the SDK wrote into the AppHost's assembly.</summary>
internal static class AppHostMetadata
{
    public static string HostingVersion { get; } =
        typeof(AppHostMetadata).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string? Find(string key) => Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == key && !string.IsNullOrEmpty(attribute.Value))?.Value;

    public static string? BinaryOf(string projectPath) => Find($"aspireprojecttarget:{projectPath}");
}
