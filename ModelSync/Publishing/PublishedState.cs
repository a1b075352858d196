using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Publishing;

/// <summary>A published document, as it was written.</summary>
internal sealed record PublishedState(DesiredState Document, byte[] Json, string Etag);
