namespace ModelPlatform.Bench.Works;

/// <param name="Takes">As planned, with all rounds.</param>
internal sealed record Work(string Name, TimeSpan Takes, Func<Workbench, Task> RunAsync)
{
    public static readonly IReadOnlyList<Work> All =
    [
        new("fashion", TimeSpan.FromSeconds(300), SmallPictures.RunAsync),
        new("squeezenet", TimeSpan.FromSeconds(280), LargePictures.RunAsync),
        new("resnet50", TimeSpan.FromSeconds(460), ResNet50.RunAsync),
        new("resnet152", TimeSpan.FromSeconds(330), ResNet152.RunAsync),
        new("latency", TimeSpan.FromSeconds(200), AddedLatency.RunAsync),
        new("loading", TimeSpan.FromSeconds(120), OtherLoads.RunAsync),
        new("start", TimeSpan.FromSeconds(40), StartUp.RunAsync),
        new("reloads", TimeSpan.FromSeconds(360), Reloads.RunAsync),
    ];
}
