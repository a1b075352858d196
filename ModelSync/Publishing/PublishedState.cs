using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Publishing;

/// <summary>A published document, as it was written.</summary>
internal sealed record PublishedState(DesiredState Document, byte[] Json, string Etag)
{
    /// <summary>Whatever part the version has in it.</summary>
    public DesiredVersion? Find(ModelId id) => Document.Models.GetValueOrDefault(id.Name)?.Named.FirstOrDefault(version => version.Version == id.Version);
}
