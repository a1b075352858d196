using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace ModelPlatform.Sync.Console;

/// <summary>Where the keys that protect cookies and forms are kept for as long as the process runs: a container's disk is read-only, and nobody's home.</summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly List<XElement> _keys = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_keys) return [.. _keys.Select(key => new XElement(key))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_keys) _keys.Add(new XElement(element));
    }
}
