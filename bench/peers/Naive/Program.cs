using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Bench.Naive;

// What people write in .NET: a minimal API around InferenceSession.Run with everything at its default, a tensor filled through its indexer as in ONNX
// Runtime's own tutorial. MODEL, LABELS (files), SIDE, CHANNELS.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var configuration = builder.Configuration;
var labels = File.ReadAllLines(configuration["LABELS"]!);
var pictures = new Pictures(configuration.GetValue<int>("SIDE"), configuration.GetValue<int>("CHANNELS"));
using var session = new InferenceSession(configuration["MODEL"]!);
var input = session.InputNames[0];

var app = builder.Build();
app.MapGet("/ready", () => "ready");
app.MapPost("/classify", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(input, pictures.ToTensor(body.ToArray()))]);
    return new Answer("bench", Best.Of([.. outputs[0].AsEnumerable<float>()], labels));
});
app.Run();
