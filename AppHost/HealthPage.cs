namespace ModelPlatform.AppHost;

internal static class HealthPage
{
    /// <summary>
    /// ModelSync's page asks the public address too. That is for people to look at, nothing that ModelSync waits for or works with: no reference, and only in a local run.
    /// Where it is published the page asks only ModelSync, which knows every replica.
    /// </summary>
    public static void ShowOnHealthPage(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> sync) => sync
        .WithEnvironment("HealthChecksUI__HealthChecks__1__Name", api.Resource.Name)
        .WithEnvironment("HealthChecksUI__HealthChecks__1__Uri", ReferenceExpression.Create($"{api.GetEndpoint("http")}/health"));
}
