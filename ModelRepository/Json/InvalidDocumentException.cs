namespace ModelPlatform.Repository.Json;

/// <summary>A JSON document of the repository that is not as it must be. The message names the file, the member and the reason.</summary>
public sealed class InvalidDocumentException(string document, string member, string reason)
    : Exception(member.Length == 0 ? $"{document}: {reason}" : $"{document}: {member}: {reason}");
