using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

internal static class Values
{
    /// <summary>Only a replica knows its own target ports; everything else knows its value by itself.</summary>
    public static async ValueTask<string?> ResolveAsync(object value, Replica replica, CancellationToken cancelled) => value switch
    {
        PerReplica own => own.Value(replica),
        EndpointReferenceExpression { Property: EndpointProperty.TargetPort } target when target.Endpoint.Resource == replica.Resource =>
            replica.PortOf(target.Endpoint.Annotation).ToString(CultureInfo.InvariantCulture),
        ReferenceExpression expression => await expression.FillAsync(provider => ResolveAsync(provider, replica, cancelled)),
        IValueProvider provider => await provider.GetValueAsync(cancelled),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
