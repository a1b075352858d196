using ModelPlatform.AppHost;

var builder = DistributedApplication.CreateBuilder(RunOptions.Configuration(args));
var models = builder.AddModelStorage("models", keep: RunOptions.Keep(args));

var sync = builder.AddProject<Projects.ModelSync>("model-sync")
    .WithoutHttpsWhenPublished()
    .WithReference(models)
    .WaitFor(models)
    .WithHttpHealthCheck("/health");

// Replicas read the last desired state from Blob by themselves: they wait for nobody.
var api = builder.AddProject<Projects.Inference_Api>("inference-api")
    .WithoutHttpsWhenPublished()
    .WithTargetPortsWhenPublished(("http", 8080), ("grpc", 8081))
    .WithReference(models)
    .WithReference(sync)
    .WithReplicas(2)
    .WithHttpHealthCheck("/v2/health/ready");

if (builder.ExecutionContext.IsRunMode)
{
    builder.AddSampleModel("fashion", models);
    builder.UseRandomPortsIfAsked();
    api.ShowOnHealthPage(sync);
    api.AnnounceWhenHealthy(sync, models);
}

builder.Build().Run();
