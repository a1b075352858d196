using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Report;
using ModelPlatform.Bench.Works;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Bench;

internal static class BenchRun
{
    /// <returns>The exit code: 0 once everything was measured, whether budgets are met or not.</returns>
    public static async Task<int> RunAsync(BenchSettings settings)
    {
        var works = Work.All.Where(work => settings.Includes(work.Name)).ToList();
        if (works.Count == 0 || settings.Only.Any(name => works.All(work => work.Name != name)))
        {
            await Console.Error.WriteLineAsync($"There is no such work; there are {string.Join(", ", Work.All.Select(work => work.Name))}.");
            return 2;
        }
        var progress = new Progress(works.Aggregate(TimeSpan.Zero, (sum, work) => sum + Planned(work)));
        var broken = 0;
        foreach (var page in works.GroupBy(work => work.Page))
        {
            var bench = new Workbench(settings, progress, new BenchReport());
            foreach (var work in page)
            {
                progress.Begin(Planned(work));
                progress.Say($"-- {work.Name}");
                if (!await TryAsync(work, bench)) broken++;
            }
            Tell(bench, page.Key);
        }
        return broken == 0 ? 0 : 1;

        TimeSpan Planned(Work work) => settings.Quick ? work.Takes / 8 : work.Takes;
    }

    // One work that breaks must not take the numbers of the others with it.
    private static async Task<bool> TryAsync(Work work, Workbench bench)
    {
        try
        {
            await work.RunAsync(bench);
            return true;
        }
#pragma warning disable CA1031 // It is told, and the exit code tells it too.
        catch (Exception problem)
        {
            bench.Progress.Say($"{work.Name} BROKE OFF: {problem}");
            return false;
        }
#pragma warning restore CA1031
    }

    private static void Tell(Workbench bench, ReportPage page)
    {
        // A page in docs is of one whole run.
        var isComplete = !bench.Settings.Quick && Work.All.Where(work => work.Page == page).All(work => bench.Settings.Includes(work.Name));
        var folder = isComplete ? RepositoryRoot.Combine("docs") : ModelShelf.Folder;
        var analysis = File.ReadAllText(RepositoryRoot.Combine("bench", page.Analysis));
        File.WriteAllText(Path.Combine(folder, page.File), ReportDocument.Of(page, bench.Report, Machine.Describe(), analysis));
        if (isComplete) PutRolloutsIntoServing();
        foreach (var (file, chart) in bench.Report.Charts) File.WriteAllText(Path.Combine(folder, file), chart.ToSvg());

        Console.WriteLine();
        foreach (var line in ReportTable.Lines(bench.Report.Findings)) Console.WriteLine(line);
        Console.WriteLine();
        var budgets = bench.Report.Findings.Where(finding => finding.Budget is not null).ToList();
        Console.WriteLine($"{budgets.Count(finding => finding.IsMet)} of {budgets.Count} budgets met. {(isComplete ? "docs" : "artifacts/bench")}/{page.File} has every number.");
    }

    private static void PutRolloutsIntoServing()
    {
        var (serving, rollouts) = (RepositoryRoot.Combine("docs", ReportPage.Serving.File), RepositoryRoot.Combine("docs", ReportPage.Rollouts.File));
        if (File.Exists(serving) && File.Exists(rollouts)) File.WriteAllText(serving, RolloutsInBrief.PutInto(File.ReadAllText(serving), File.ReadAllText(rollouts)));
    }
}
