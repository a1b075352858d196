namespace ModelPlatform.Repository.Naming;

/// <summary>One version of one model. Reads as <c>fashion/2</c>, which is also its folder in the repository.</summary>
public sealed record ModelId(ModelName Name, ModelVersion Version)
{
    public override string ToString() => $"{Name}/{Version}";
}
