namespace ModelPlatform.Repository.State;

/// <summary>A blob that cannot be used as it is, and why: an element of <c>GET /v1/problems</c>.</summary>
/// <param name="Blob">Its name as it is: whoever shows it has to escape it.</param>
public sealed record RepositoryProblem(string Blob, string Reason);
