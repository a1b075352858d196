using ModelPlatform.Sync.Detection;

namespace ModelPlatform.Tests.Unit.Sync.Detection;

public sealed class ReportedProblemsTests
{
    private readonly ReportedProblems _reported = new();

    [Fact]
    public void A_problem_is_told_once_for_each_content()
    {
        Assert.Single(_reported.NewsAmong([Problem("a", "1")]));
        Assert.Empty(_reported.NewsAmong([Problem("a", "1")]));
        Assert.Single(_reported.NewsAmong([Problem("a", "2")]));
        Assert.Empty(_reported.NewsAmong([Problem("a", "2")]));
    }

    [Fact]
    public void A_problem_that_comes_back_is_told_again()
    {
        _reported.NewsAmong([Problem("a", "1")]);
        _reported.NewsAmong([]);
        Assert.Single(_reported.NewsAmong([Problem("a", "1")]));
    }

    [Fact]
    public void A_container_full_of_foreign_blobs_is_told_in_part()
    {
        var problems = Enumerable.Range(0, ReportedProblems.MaxNames + 500).Select(i => Problem($"{i}", "1")).ToList();
        Assert.Equal(ReportedProblems.MaxNames, _reported.NewsAmong(problems).Count);
        Assert.Empty(_reported.NewsAmong(problems));
    }

    private static BlobProblem Problem(string name, string etag) => new(new ListedBlob(name, etag, 1), "It is wrong.");
}
