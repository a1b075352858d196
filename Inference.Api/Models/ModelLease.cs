namespace ModelPlatform.Inference.Models;

/// <summary>A request's hold on the version with which it began. Dispose it once the answer is made.</summary>
internal readonly struct ModelLease(LoadedModel model) : IDisposable
{
    public LoadedModel Model { get; } = model;

    public void Dispose() => Model.Release();
}
