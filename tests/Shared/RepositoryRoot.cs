namespace ModelPlatform.Tests.Shared;

/// <summary>Where the checkout is, found from where the tests were built.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "ModelPlatform.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No ModelPlatform.sln above {AppContext.BaseDirectory}.");
    }
}
