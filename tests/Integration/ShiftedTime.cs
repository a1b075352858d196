namespace ModelPlatform.Tests.Integration;

/// <summary>A clock that runs as it should and is set wrong.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
