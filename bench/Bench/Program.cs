using System.Globalization;
using ModelPlatform.Bench;
using ModelPlatform.Bench.Peers;
using ModelPlatform.Bench.Processes;

if (args is [RawLoop.Verb, var model, var elements])
{
    RawLoop.Serve(model, int.Parse(elements, CultureInfo.InvariantCulture));
    return 0;
}
using var interrupted = Interruption.EndsChildren();
return await BenchRun.RunAsync(BenchSettings.Parse(args));
