namespace ModelPlatform.AppHost;

internal static class SampleModel
{
    /// <summary>Publishes the first version of a sample and ends: part of a local run, not of the product.</summary>
    public static void AddSampleModel(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IResourceWithConnectionString> models)
    {
        var folder = Path.GetFullPath($"../samples/{name}/1", builder.AppHostDirectory);
        builder.AddProject<Projects.ModelCtl>("sample-models")
            .WithReference(models)
            .WaitFor(models)
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)   // Aspire hands it to nobody
            .WithArgs("publish", folder, "--model", name, "--version", "1", "--if-absent")
            .ExcludeFromManifest();
    }
}
