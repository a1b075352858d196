using System.Globalization;
using System.Text.Json;

namespace ModelPlatform.Cli.Listing;

/// <summary>A table on a terminal, aligned text into a pipe, or JSON.</summary>
internal static class ListOutput
{
    private const int IdentityLength = 19;   // "sha256:" and 12 digits

    private static readonly string[] Headers = ["MODEL", "VERSION", "STATE", "DESIRED", "FILES", "SIZE", "PUBLISHED (UTC)", "IDENTITY"];

    public static void Write(RepositoryListing listing, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(listing.Versions, ListJson.Default.IReadOnlyListListedVersion));
        else if (listing.Versions.Count == 0) Console.WriteLine("There are no models yet. \"modelctl publish --help\" says how to publish one.");
        else TextTable.Write(Headers, listing.Versions.Select(Row));

        if (listing.Foreign.Count == 0) return;
        Console.Error.WriteLine($"Ignored ({listing.Foreign.Count}):");
        foreach (var reason in listing.Foreign.Take(5)) Console.Error.WriteLine($"  {reason}");
    }

    private static string[] Row(ListedVersion version) =>
    [
        version.Model.ToString(),
        version.Version?.ToString() ?? "-",
        version.State switch { VersionState.Committed => "committed", VersionState.Flat => "flat", _ => "incomplete" },
        version.Desired ?? "-",
        version.Files.ToString(CultureInfo.InvariantCulture),
        ByteSize.Of(version.Bytes),
        version.Published?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-",
        version.Identity?.ToString()[..IdentityLength] ?? "-",
    ];
}
