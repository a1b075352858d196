using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformKey();
builder.AddModelSync();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapModelSync();
app.Run();
