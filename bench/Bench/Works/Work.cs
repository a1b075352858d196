using ModelPlatform.Bench.Report;

namespace ModelPlatform.Bench.Works;

/// <param name="Takes">As planned, with all rounds.</param>
/// <param name="Page">Where its numbers stand.</param>
internal sealed record Work(string Name, TimeSpan Takes, Func<Workbench, Task> RunAsync, ReportPage Page)
{
    public static readonly IReadOnlyList<Work> All =
    [
        new("fashion", TimeSpan.FromSeconds(300), SmallPictures.RunAsync, ReportPage.Serving),
        new("squeezenet", TimeSpan.FromSeconds(280), LargePictures.RunAsync, ReportPage.Serving),
        new("resnet50", TimeSpan.FromSeconds(460), ResNet50.RunAsync, ReportPage.Serving),
        new("resnet152", TimeSpan.FromSeconds(330), ResNet152.RunAsync, ReportPage.Serving),
        new("latency", TimeSpan.FromSeconds(200), AddedLatency.RunAsync, ReportPage.Serving),
        new("loading", TimeSpan.FromSeconds(120), OtherLoads.RunAsync, ReportPage.Serving),
        new("start", TimeSpan.FromSeconds(40), StartUp.RunAsync, ReportPage.Serving),
        new("reloads", TimeSpan.FromSeconds(360), Reloads.RunAsync, ReportPage.Serving),
        new("rollouts", TimeSpan.FromSeconds(230), Rollouts.RunAsync, ReportPage.Rollouts),
        new("planning", TimeSpan.FromSeconds(170), Planning.RunAsync, ReportPage.Rollouts),
        new("detection", TimeSpan.FromSeconds(200), Detection.RunAsync, ReportPage.Rollouts),
    ];
}
