using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Finds where a service is in the configuration: services:{name}:{endpoint, "default" or scheme}[:{index}].</summary>
internal sealed class ConfiguredServices(IConfiguration configuration)
{
    private int _turn;

    /// <summary>The address is as in https+http://name/ (first scheme that there is) or http://_endpoint.name/. A name that is not configured stays as it is.</summary>
    public Uri Resolve(Uri address)
    {
        if (!address.IsDefaultPort && address.Port > 0)
            return address;

        var schemes = address.Scheme.Split('+');
        var (name, endpoint) = address.Host.StartsWith('_') && address.Host.IndexOf('.') is > 0 and var dot
            ? (address.Host[(dot + 1)..], address.Host[1..dot])
            : (address.Host, null);
        var service = configuration.GetSection("services").GetSection(name);
        string[] candidates = endpoint is null ? ["default", .. schemes] : [endpoint];
        var section = candidates.Select(service.GetSection).FirstOrDefault(candidate => candidate.Exists());
        var found = section is null ? [] : section.Value is { Length: > 0 } single ? [single] : section.GetChildren().Select(child => child.Value!).ToArray();

        // Of addresses that name a scheme, those of the first scheme asked for that occurs.
        var scheme = schemes.FirstOrDefault(wanted => found.Any(value => value.StartsWith($"{wanted}://", StringComparison.OrdinalIgnoreCase)));
        var usable = found.Where(value => !value.Contains("://") || (scheme is not null && value.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase))).ToArray();
        if (usable.Length == 0)
            return new UriBuilder(address) { Scheme = schemes[0], Host = name }.Uri;

        var chosen = usable[(uint)Interlocked.Increment(ref _turn) % usable.Length];
        var target = new Uri(chosen.Contains("://") ? chosen : $"{schemes[0]}://{chosen}");
        var prefix = target.AbsolutePath.TrimEnd('/');
        return new UriBuilder(address) { Scheme = target.Scheme, Host = target.Host, Port = target.Port, Path = $"{prefix}/{address.AbsolutePath.TrimStart('/')}" }.Uri;
    }
}
