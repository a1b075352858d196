using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Detection;

/// <summary>The problems of the last pass, and which of them are news: each blob is reported once for each content (ETag) it has.</summary>
internal sealed class ReportedProblems
{
    // Beyond this many names problems are still counted, but no longer told one by one.
    public const int MaxNames = 1000;

    private Dictionary<string, string> _reported = [];
    private volatile IReadOnlyList<RepositoryProblem> _last = [];

    /// <summary>For others than the reconcile loop, and no more than can be told.</summary>
    public IReadOnlyList<RepositoryProblem> Last => _last;

    /// <summary>The problems not told before; forgets those of blobs that have none any more.</summary>
    public IReadOnlyList<BlobProblem> NewsAmong(IReadOnlyCollection<BlobProblem> problems)
    {
        _last = [.. problems.Take(MaxNames).Select(problem => new RepositoryProblem(problem.Blob.Name, problem.Reason))];
        var told = problems.Where(IsTold).ToList();
        var news = problems.Where(problem => !IsTold(problem)).Take(MaxNames - told.Count).ToList();
        _reported = told.Concat(news).DistinctBy(problem => problem.Blob.Name).ToDictionary(problem => problem.Blob.Name, problem => problem.Blob.Etag);
        return news;
    }

    private bool IsTold(BlobProblem problem) => _reported.TryGetValue(problem.Blob.Name, out var etag) && etag == problem.Blob.Etag;
}
