using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Protocol;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddModelServing();
builder.AddModelReloading();
builder.AddInferenceProtocol();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapInferenceProtocol();
app.Run();
