using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ModelPlatform.Tests.EndToEnd.Conformance;

/// <summary>One row for each address at which the application answers.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class EachTargetAttribute(params object?[] values) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. ConformancePlatform.Targets.Select(target => new TheoryDataRow([target, .. values]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
